set local role weft_owner;
drop function weft.analyze_grown_tables();
