set local role weft_views;
drop schema engine cascade;
