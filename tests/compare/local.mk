# tests/compare/local.mk - gocker beside others: what each says of failures, which tests pass

dist_noinst_SCRIPTS += tests/compare/failures
EXTRA_DIST += tests/compare/failures.txt

.PHONY: compare
compare: gocker$(EXEEXT)
	@GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/compare/failures

# make check-engines-compare >tests/compare/engines.md
.PHONY: check-engines-compare
check-engines-compare: gocker$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/plugins/compare
