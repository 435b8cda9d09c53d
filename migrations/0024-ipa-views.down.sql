set local role weft_views;
drop schema ipa cascade;
