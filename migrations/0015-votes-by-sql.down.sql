set local role weft_owner;
drop trigger order_vote on weft.approval_votes;
alter table weft.approval_votes alter column voter_id drop default;
set local role weft_views;
drop function weft_sql.order_vote();
