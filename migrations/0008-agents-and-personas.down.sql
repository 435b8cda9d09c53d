set local role weft_owner;
drop table weft.code_executions, weft.agent_executions, weft.agent_tools, weft.agent_plugins, weft.agents,
  weft.persona_validations, weft.persona_templates, weft.personas;
