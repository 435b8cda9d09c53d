drop index weft.mirror_cursors_closed;
