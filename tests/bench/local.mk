# tests/bench/local.mk - "make bench": what a container costs, beside the kernel's own share of it

BENCH_TOOLS = tests/bench/floor tests/bench/floor-timings tests/bench/timer tests/bench/costs
EXTRA_PROGRAMS = $(BENCH_TOOLS)
CLEANFILES += $(BENCH_TOOLS)

# The floor has no C library, so neither the hardening of one nor its start.
FLOOR_FILES = tests/bench/floor.c tests/bench/marks.h tests/bench/raw.h
FLOOR_COMPILING = -std=c11 $(WARNING_CFLAGS) -ffreestanding -fno-stack-protector \
	-fno-tree-loop-distribute-patterns -fno-pie -U_FORTIFY_SOURCE
FLOOR_LINKING = -static -nostdlib -no-pie -Wl,--build-id=none

tests_bench_floor_SOURCES = $(FLOOR_FILES)
tests_bench_floor_CFLAGS = $(FLOOR_COMPILING)
tests_bench_floor_LDFLAGS = $(FLOOR_LINKING)
tests_bench_floor_LDADD =
tests_bench_floor_timings_SOURCES = $(FLOOR_FILES)
tests_bench_floor_timings_CPPFLAGS = $(AM_CPPFLAGS) -DFLOOR_TIMINGS
tests_bench_floor_timings_CFLAGS = $(FLOOR_COMPILING)
tests_bench_floor_timings_LDFLAGS = $(FLOOR_LINKING)
tests_bench_floor_timings_LDADD =
tests_bench_timer_SOURCES = tests/bench/timer.c
tests_bench_timer_CFLAGS = -std=c11 $(WARNING_CFLAGS)
tests_bench_timer_LDFLAGS = -static
tests_bench_timer_LDADD =
tests_bench_costs_SOURCES = tests/bench/costs.c
tests_bench_costs_CFLAGS = -std=c11 $(WARNING_CFLAGS)
tests_bench_costs_LDFLAGS = -static
tests_bench_costs_LDADD =

dist_noinst_SCRIPTS = tests/bench/bench tests/bench/compare.sh tests/bench/engines \
	tests/bench/network tests/bench/table tests/bench/v2_view
EXTRA_DIST += tests/bench/README.md tests/bench/common.bash tests/bench/probe.sh \
	tests/bench/seccomp.json

PROGRAM_TESTS += tests/bench/table.bats

# make bench BENCH_FLAGS="--rounds 500"
.PHONY: bench
bench: gocker$(EXEEXT) $(BENCH_TOOLS)
	GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/bench/bench \
		--build $(abs_builddir)/tests/bench $(BENCH_FLAGS)

# make bench-table BENCH_FLAGS="--run tmpfs" CRUN=... RUNC=...
.PHONY: bench-table
bench-table: gocker$(EXEEXT) gocker-bundle$(EXEEXT) $(BENCH_TOOLS)
	GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/bench/table \
		--build $(abs_builddir)/tests/bench $(BENCH_FLAGS)

.PHONY: bench-network
bench-network: gocker$(EXEEXT) $(BENCH_TOOLS)
	GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/bench/network \
		--build $(abs_builddir)/tests/bench $(BENCH_FLAGS)

.PHONY: bench-engines
bench-engines: gocker$(EXEEXT) $(BENCH_TOOLS)
	GOCKER=$${GOCKER-$(abs_builddir)/gocker} bash $(srcdir)/tests/bench/engines \
		--build $(abs_builddir)/tests/bench $(BENCH_FLAGS)
