# tests/plugins/local.mk - container engines on gocker

PLUGIN_TESTS = \
	tests/plugins/buildah.bats \
	tests/plugins/containerd.bats \
	tests/plugins/containerd_options.bats \
	tests/plugins/cri.bats \
	tests/plugins/docker.bats \
	tests/plugins/docker_network.bats \
	tests/plugins/docker_options.bats \
	tests/plugins/docker_userns.bats \
	tests/plugins/install.bats \
	tests/plugins/podman.bats \
	tests/plugins/podman_build.bats \
	tests/plugins/podman_files.bats \
	tests/plugins/podman_life.bats \
	tests/plugins/podman_network.bats \
	tests/plugins/podman_rootless.bats \
	tests/plugins/podman_safety.bats

# They start many programs that are not ours, which a build with sanitizers would make slow.
if !SANITIZERS
PROGRAM_TESTS += $(PLUGIN_TESTS)
endif
EXTRA_DIST += $(PLUGIN_TESTS) \
	tests/plugins/compare \
	tests/plugins/containerd.bash \
	tests/plugins/cri_client.py \
	tests/plugins/docker.bash \
	tests/plugins/host.bash \
	tests/plugins/install_gocker \
	tests/plugins/podman.bash \
	tests/plugins/start_host \
	tests/plugins/unpack_engines
