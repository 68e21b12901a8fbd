-- Of what is stored already, in the background; what is not indexed yet is read.
ALTER TABLE events MATERIALIZE INDEX kind_index;
