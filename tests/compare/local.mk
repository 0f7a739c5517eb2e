# tests/compare/local.mk - "make compare": what is said about each kind of failure, beside others

dist_noinst_SCRIPTS += tests/compare/failures
EXTRA_DIST += tests/compare/failures.txt

.PHONY: compare
compare: gocker$(EXEEXT)
	@GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/compare/failures
