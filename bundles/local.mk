# bundles/local.mk - the program gocker-bundle: main.c and a library that the tests link as well

noinst_LIBRARIES += bundles/libbundles.a
bundles_libbundles_a_SOURCES = \
	bundles/alpine.c \
	bundles/archive.c \
	bundles/busybox.c \
	bundles/cache.c bundles/cache.h \
	bundles/checksum.c bundles/checksum.h \
	bundles/config.c bundles/config.h \
	bundles/directory.c bundles/directory.h \
	bundles/download.c bundles/download.h \
	bundles/entry.c bundles/entry.h \
	bundles/hint.c bundles/hint.h \
	bundles/init.c bundles/init.h \
	bundles/interrupt.c bundles/interrupt.h \
	bundles/networking.c bundles/networking.h \
	bundles/owners.c bundles/owners.h \
	bundles/progress.c bundles/progress.h \
	bundles/redirect.c bundles/redirect.h \
	bundles/release.c bundles/release.h \
	bundles/remove.c bundles/remove.h \
	bundles/request.h \
	bundles/rootfs.h \
	bundles/settings.c bundles/settings.h \
	bundles/source.c bundles/source.h \
	bundles/target.c bundles/target.h \
	bundles/unpack.c bundles/unpack.h
bundles_libbundles_a_CPPFLAGS = $(AM_CPPFLAGS) $(ARCHIVE_CFLAGS) $(CURL_CFLAGS) $(YAML_CFLAGS) \
	$(CRYPTO_CFLAGS)

# In the order in which they need each other.
GOCKER_BUNDLE_LIBS = bundles/libbundles.a spec/libspec.a base/libbase.a \
	$(ARCHIVE_LIBS) $(CURL_LIBS) $(YAML_LIBS) $(CRYPTO_LIBS) $(YAJL_LIBS)

bin_PROGRAMS += gocker-bundle
gocker_bundle_SOURCES = bundles/main.c
gocker_bundle_LDADD = $(GOCKER_BUNDLE_LIBS)

bundles_completiondir = $(datadir)/bash-completion/completions
dist_bundles_completion_DATA = bundles/completion/gocker-bundle.bash
