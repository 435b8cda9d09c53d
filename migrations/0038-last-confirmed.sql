-- The ends confirmed last are asked about again and again, to notice a Temporal that was put back to an older copy.
create index mirror_cursors_closed on weft.mirror_cursors (checked_at desc) where closed;
