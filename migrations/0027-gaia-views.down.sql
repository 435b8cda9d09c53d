set local role weft_views;
drop schema gaia cascade;
