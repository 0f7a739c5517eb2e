#!/usr/bin/env bats
# install.bats - what "make install" puts where engines look for it, and takes away again

load ../runtime/helpers

# Nothing of all this needs a bundle.
setup() {
	SOURCES=${TEST_SOURCES-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	PREFIX=(prefix=/opt/gocker sysconfdir=/etc DESTDIR="$BATS_TEST_TMPDIR")
}

teardown() { :; }

# Not as a part of the "make" that runs the tests.
make_target() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "${TEST_BUILD-$PWD}" "$@" 3>&-
}

installed() { (cd "$BATS_TEST_TMPDIR" && find etc opt/gocker/share/doc -type f | sort); }

@test "install: podman, buildah and CRI-O are told, examples are with the documentation" {
	make_target install-data "${PREFIX[@]}"
	[[ $(installed) == "etc/containers/containers.conf.d/10-gocker.conf
etc/crio/crio.conf.d/10-gocker.conf
opt/gocker/share/doc/gocker/examples/containerd-v2.toml
opt/gocker/share/doc/gocker/examples/containerd-v3.toml
opt/gocker/share/doc/gocker/examples/docker-daemon.json
opt/gocker/share/doc/gocker/examples/kubernetes.yaml" ]] || fail "$(installed)"
}

@test "uninstall: nothing is left" {
	make_target install-exec install-data "${PREFIX[@]}"
	make_target uninstall "${PREFIX[@]}"
	[[ -z $(find "$BATS_TEST_TMPDIR" -type f) ]]
}

# value FILE KEY...: of a TOML document, as JSON.
value() {
	python3 - "$BATS_TEST_TMPDIR/$1" "${@:2}" <<-'END'
		import json, sys, tomllib
		value = tomllib.load(open(sys.argv[1], "rb"))
		for key in sys.argv[2:]:
		    value = value[key]
		print(json.dumps(value))
	END
}

@test "each file is well-formed and has the same path of gocker" {
	local path=${BATS_TEST_TMPDIR}/path crio=etc/crio/crio.conf.d/10-gocker.conf
	local podman=etc/containers/containers.conf.d/10-gocker.conf
	local examples=opt/gocker/share/doc/gocker/examples
	make_target install-data "${PREFIX[@]}"
	{
		value "$podman" engine runtimes gocker | jq '.[]'
		value "$crio" crio runtime runtimes gocker runtime_path
		jq .runtimes.gocker.path "$BATS_TEST_TMPDIR/$examples/docker-daemon.json"
		value "$examples/containerd-v2.toml" plugins io.containerd.grpc.v1.cri containerd \
			runtimes gocker options BinaryName
		value "$examples/containerd-v3.toml" plugins io.containerd.cri.v1.runtime \
			containerd runtimes gocker options BinaryName
	} >"$path"
	run uniq -c "$path"
	[[ $output =~ ^\ *5\ \"/[^@\$]*/gocker\"$ ]] || fail "$output"
}

@test "the handler of the RuntimeClass is the one that containerd and CRI-O know" {
	local class
	class=$(sed '/^---/,$d' "$SOURCES/plugins/examples/kubernetes.yaml")
	grep -x "kind: RuntimeClass" <<<"$class"
	grep -x "handler: gocker" <<<"$class"
	grep -x "  runtimeClassName: gocker" "$SOURCES/plugins/examples/kubernetes.yaml"
}
