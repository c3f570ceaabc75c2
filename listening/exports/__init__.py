"""What can be taken along: one module a format. Rows come in, a file goes out; nothing here reads or writes a disk."""
