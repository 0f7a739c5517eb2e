# tests/bundles/local.mk - gocker-bundle

PROGRAM_TESTS += \
	tests/bundles/container.bats \
	tests/bundles/init.bats \
	tests/bundles/main_job.bats \
	tests/bundles/mirror.bats \
	tests/bundles/options.bats
EXTRA_DIST += tests/bundles/helpers.bash tests/bundles/hostile tests/bundles/mirror
