# tests/plugins/local.mk - container engines on gocker

# They start many programs that are not ours, which a build with sanitizers would make slow.
if !SANITIZERS
PROGRAM_TESTS += \
	tests/plugins/containerd.bats \
	tests/plugins/containerd_options.bats \
	tests/plugins/install.bats \
	tests/plugins/podman.bats \
	tests/plugins/podman_life.bats
endif
EXTRA_DIST += tests/plugins/host.bash tests/plugins/install_gocker tests/plugins/start_host \
	tests/plugins/unpack_engines tests/plugins/install.bats tests/plugins/podman.bash \
	tests/plugins/podman.bats tests/plugins/podman_life.bats
EXTRA_DIST += tests/plugins/containerd.bash tests/plugins/containerd.bats \
	tests/plugins/containerd_options.bats
