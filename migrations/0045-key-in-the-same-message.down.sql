set local role weft_owner;
drop function weft.confirmed_role(bytea, text);
drop policy lookup on weft.api_keys;
