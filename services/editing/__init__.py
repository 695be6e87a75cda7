"""Writing together: who is here, who writes where, words not saved yet, and two versions made one."""
