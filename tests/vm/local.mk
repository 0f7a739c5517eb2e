# tests/vm/local.mk - the virtual machine that has systemd and the cgroups of other hosts

EXTRA_DIST += tests/vm/init tests/vm/kernel tests/vm/run
