# tests/bundles/local.mk - gocker-bundle

PROGRAM_TESTS +=
