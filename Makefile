# luahsm: everything that is built, checked, fuzzed or installed. GNU make.
#
# On a new machine: make serve, make test. `make help` lists the rest.
#
# LUA=5.4 (default) or LUA=luajit chooses the engine. VARIANT=asan builds with
# sanitizers, VARIANT=fuzz for the fuzzer. Each combination has a folder of its
# own below build/, so that they never mix. WERROR=1 makes warnings errors.
# V=1 shows whole commands.
# CFLAGS, LDFLAGS, PREFIX and DESTDIR are yours; ours are added to them.

LUA     ?= 5.4
VARIANT ?=
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g

# Arguments of `make serve`, for example ARGS="--port 1600".
ARGS ?=
# Which tests `make check` runs (a kind or a stem, see tests/README.md; none: all
# of them), and FULL=1 for the long form of those that have one.
TESTS ?=
FULL  ?=
# Seconds for each target of `make fuzz` and each row of `make bench`.
FUZZ_SECONDS  ?= 10
BENCH_SECONDS ?= 5

# build, build/luajit, build/asan or build/luajit-asan
BUILD := build$(addprefix /,$(subst $() ,-,$(strip $(filter-out 5.4,$(LUA)) $(VARIANT))))
OTHER  = BUILD=$(BUILD)$(if $(filter build,$(BUILD)),/,-)

ifeq ($(LUA),luajit)
LUA_PC  := luajit
LUA_DEB := libluajit-5.1-dev
ENGINE  := -DLUAHSM_LUAJIT
else
LUA_PC  := lua5.4
LUA_DEB :=
ENGINE  :=
endif

# What Debian calls the things needed to build and test, and to lint and compare.
DEBS    := build-essential pkg-config liblua5.4-dev libsodium-dev libevent-dev \
	libssl-dev libjansson-dev libsqlite3-dev libpq-dev libseccomp-dev libcmocka-dev \
	python3 \
	$(LUA_DEB)
DEBS_CI := $(DEBS) libluajit-5.1-dev clang libclang-rt-14-dev clang-format \
	clang-tidy cppcheck docker-registry lua-check mandoc netcat-openbsd postgresql \
	redis-server valgrind

# Asked for on a machine that has nothing yet, this stays empty: the targets that
# install first build in a make of their own.
PACKAGES  := $(LUA_PC) libsodium libevent_core libcrypto jansson sqlite3 libpq libseccomp
PC_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PC_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
FOUND      = $(if $(PC_LIBS),,$(error pkg-config does not find $(PACKAGES): run `make deps`))
AGAIN      = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)

# _FORTIFY_SOURCE warns where the optimiser is off.
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter -O -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDEN_LD := -pie -Wl,-z,relro,-z,now
ifeq ($(VARIANT),asan)
HARDEN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN_LD := -fsanitize=address,undefined
else ifeq ($(VARIANT),fuzz)
CC   := clang
WARN := -w
HARDEN := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
HARDEN_LD := -fsanitize=address,undefined
endif

# The path of a request crosses a dozen files: luahsm is optimised as a whole (a
# tenth more requests per second). Tests link the same objects one by one.
LTO := $(if $(VARIANT),,$(if $(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects))

OURS := -std=c11 -D_GNU_SOURCE -Isrc -I$(BUILD) $(ENGINE) $(WARN) $(HARDEN) $(LTO) $(PC_CFLAGS)
LINK  = $(CC) $(HARDEN_LD) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) -Wl,--as-needed $(PC_LIBS) -ldl -lm

SRC      := $(wildcard src/*.c src/crypto/*.c)
LIB_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out src/main.c,$(SRC)))
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ     := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
MAN      := $(wildcard doc/*.[1-8])
# cosign starts the wrapper anew for each call: static, it is up in half the time.
KMS_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tools/*kms*.c) \
	$(wildcard src/kms_*.c) src/algorithm.c src/frame.c src/paths.c \
	src/ready.c)
KMS_LIBS := -ljansson -lsodium
KMS_LD    = $(if $(VARIANT),,$(shell echo 'int main(void) { return 0; }' | \
	$(CC) -static-pie -o /dev/null -xc - $(KMS_LIBS) 2>/dev/null && echo -static-pie))

.DELETE_ON_ERROR:
.PHONY: all deps deps-ci serve test check unit asan valgrind fuzz bench bench-wrapper \
	cosign commands lint install uninstall clean help

all: $(BUILD)/luahsm $(if $(wildcard tools/sigstore*.c),$(BUILD)/sigstore-kms-luahsm) ## build build/luahsm and build/sigstore-kms-luahsm
	@:

# --- build ---------------------------------------------------------------

Q := $(if $(V),,@)
say = @mkdir -p $(@D)$(if $(V),, && echo '  $(1) $@')

$(BUILD)/luahsm: $(BUILD)/obj/src/main.o $(BUILD)/libluahsm.a
	$(call say,link   )
	$(Q)$(LINK) $(LTO) $(CFLAGS)

$(BUILD)/sigstore-kms-luahsm: $(KMS_OBJ)
	$(call say,link   )
	$(Q)$(CC) $(HARDEN_LD) $(KMS_LD) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $^ $(KMS_LIBS)

$(BUILD)/libluahsm.a: $(LIB_OBJ)
	$(call say,archive)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	$(FOUND)$(call say,compile)
	$(Q)$(CC) $(OURS) -MMD -MP $(CFLAGS) -c -o $@ $<

# The little Lua that ships inside the binary, as the bytes of an array.
$(BUILD)/prelude.h: lua/prelude.lua
	$(call say,make   )
	$(Q){ echo 'static const unsigned char prelude[] = {'; \
	  od -An -v -tx1 $< | sed 's/\([0-9a-f][0-9a-f]\)/0x\1,/g'; echo '};'; } > $@
$(BUILD)/obj/src/sandbox_env.o: $(BUILD)/prelude.h

# Kept, so that a second run links nothing again.
.SECONDARY: $(UNIT:$(BUILD)/tests/%=$(BUILD)/obj/tests/unit/%.o) \
	$(FUZZ:$(BUILD)/fuzz/%=$(BUILD)/obj/tests/fuzz/%.o)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libluahsm.a
	$(call say,link   )
	$(Q)$(LINK) -lcmocka

# Without clang the targets bring a driver of their own.
FUZZ_MAIN := $(if $(filter fuzz,$(VARIANT)),,$(BUILD)/obj/tests/fuzz/standalone.o)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(BUILD)/libluahsm.a
	$(call say,link   )
	$(Q)$(LINK) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- a new machine -------------------------------------------------------

deps: ## install what building and testing need (apt-get; nothing when all is there)
	@tools/deps.sh $(DEBS)

deps-ci: ## the same with the linters, valgrind, clang and redis-server
	@tools/deps.sh $(DEBS_CI)

serve: deps ## install, build and start a server with the public test keys; ARGS="..."
	@$(AGAIN) all
	@exec $(BUILD)/luahsm serve $(ARGS)

test: deps ## install, build and run all tests
	@$(AGAIN) check

# --- tests ---------------------------------------------------------------

check: all unit ## unit, Lua, wire and run tests, without installing anything
	@tests/driver.py --build $(BUILD) $(if $(FULL),--full) $(TESTS)

unit: $(UNIT) ## build the unit tests

asan: ## all tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(AGAIN) VARIANT=asan $(OTHER)asan check

# Not whole servers: valgrind 3.19 cannot follow a program that executes itself,
# as the supervisor does to have plug-ins judged. test_command sends all vectors.
valgrind: all unit ## unit tests and the plug-ins' vectors under valgrind
	@tests/driver.py --build $(BUILD) --valgrind unit

fuzz: ## every fuzz target for FUZZ_SECONDS
	@if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	    clang -fsanitize=fuzzer -xc -o /dev/null - 2>/dev/null; then \
		echo 'clang with its fuzzer runtime is not installed (make deps-ci): blind mutations'; \
		$(AGAIN) VARIANT=asan $(OTHER)asan fuzz-run; \
	else \
		$(AGAIN) VARIANT=fuzz $(OTHER)fuzz fuzz-run; \
	fi

.PHONY: fuzz-run
fuzz-run: $(FUZZ)
	@tests/driver.py --build $(BUILD) --seconds $(FUZZ_SECONDS) fuzz

bench: all ## requests per second, beside Redis where it is installed
	@tests/bench.py --build $(BUILD) --seconds $(BENCH_SECONDS)
	@tests/bench_commands.py --build $(BUILD) --seconds $(BENCH_SECONDS)

# What stands in doc/commands.md between the marks.
commands: all ## write the table of doc/commands.md from the plug-ins
	$(Q)$(BUILD)/luahsm plugin table plugins > $(BUILD)/commands.table
	$(Q)sed -e '/^<!-- served/,/^<!-- end/{/^<!--/!d}' -e '/^<!-- served/r $(BUILD)/commands.table' \
		doc/commands.md > $(BUILD)/commands.md && cp $(BUILD)/commands.md doc/commands.md

bench-wrapper: all ## what a call of sigstore-kms-luahsm costs; 50 signers at once
	@tests/bench_wrapper.py --build $(BUILD) --seconds $(BENCH_SECONDS)

cosign: all ## real cosign and sigstore's conformance suite, from Go's module proxy
	@LUAHSM=$(BUILD)/luahsm tests/cosign/run.py

lint: ## clang-format, clang-tidy, cppcheck, luacheck, mandoc: those that are installed
	@LINT_FLAGS='$(filter-out -W% -f%,$(OURS))' tests/lint.sh

# --- installation --------------------------------------------------------

DATA := $(DESTDIR)$(PREFIX)/share
COMP := $(DATA)/bash-completion/completions

install: all ## binary, plug-ins, manual pages and completion; PREFIX, DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DATA)/luahsm/plugins $(COMP)
	install -m 755 $(BUILD)/luahsm $(BUILD)/sigstore-kms-luahsm $(DESTDIR)$(PREFIX)/bin
	install -m 644 plugins/*.lua $(DATA)/luahsm/plugins
	install -m 644 tools/luahsm.bash $(COMP)/luahsm
	for page in $(MAN); do \
		install -D -m 644 $$page $(DATA)/man/man$${page##*.}/$${page##*/} || exit 1; \
	done

uninstall: ## take back what install put there, and nothing else
	rm -f $(DESTDIR)$(PREFIX)/bin/luahsm $(DESTDIR)$(PREFIX)/bin/sigstore-kms-luahsm
	rm -f $(COMP)/luahsm
	rm -f $(patsubst plugins/%,$(DATA)/luahsm/plugins/%,$(wildcard plugins/*.lua))
	rm -f $(foreach page,$(MAN),$(DATA)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	-rmdir $(DATA)/luahsm/plugins $(DATA)/luahsm

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
