-- Roles stay: other databases of the cluster may use them.
grant usage on schema public to public;
set local role weft_views;
alter default privileges grant execute on functions to public;
set local role weft_owner;
alter default privileges grant execute on functions to public;
drop schema weft cascade;
