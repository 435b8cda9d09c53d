set local role weft_views;
drop function gaia.write_template() cascade;
drop function gaia.write_workflow() cascade;
drop function gaia.write_version() cascade;
drop function gaia.write_log() cascade;
do $$
declare
  name text;
begin
  foreach name in array array['gaia_workflow_template', 'gaia_workflow', 'gaia_workflow_version', 'gaia_workflow_log'] loop
    execute format('drop trigger refuse_write on gaia.%I', name);
  end loop;
end $$;
drop function gaia.json_of(text, text), gaia.flag_of(smallint, text), gaia.template_of(text);
