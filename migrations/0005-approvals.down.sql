set local role weft_owner;
drop table weft.approval_votes, weft.approval_links, weft.approval_candidates, weft.approvals;
