set local role weft_views;
drop schema stratix cascade;
