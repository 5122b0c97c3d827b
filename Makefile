# luahsm: everything that is built, checked, fuzzed or installed. GNU make.
#
# LUA=5.4 (default) or LUA=luajit chooses the engine. VARIANT=asan builds with
# sanitizers. Each combination has a folder of its own below build/, so that
# they never mix. CFLAGS, LDFLAGS, PREFIX and DESTDIR are yours.

LUA     ?= 5.4
VARIANT ?=
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g

# build for the default, build/luajit, build/asan, build/luajit-asan otherwise
empty :=
space := $(empty) $(empty)
words_of_build := $(filter-out 5.4,$(LUA)) $(VARIANT)
BUILD := $(if $(strip $(words_of_build)),build/$(subst $(space),-,$(strip $(words_of_build))),build)

ifeq ($(LUA),luajit)
LUA_PC   := luajit
ENGINE   := -DLUAHSM_LUAJIT
else
LUA_PC   := lua5.4
ENGINE   :=
endif

PACKAGES := $(LUA_PC) libsodium libevent_core libcrypto jansson
PC_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PC_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -ldl -lm

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla
ifdef WERROR
WARN += -Werror
endif

HARDEN := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
HARDEN_LD := -pie -Wl,-z,relro,-z,now
ifeq ($(VARIANT),asan)
HARDEN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN_LD := -fsanitize=address,undefined
endif

OURS := -std=c11 -D_GNU_SOURCE -Isrc -I$(BUILD) $(ENGINE) $(WARN) $(HARDEN) $(PC_CFLAGS) -MMD -MP

LIB_SRC := $(filter-out src/main.c,$(wildcard src/*.c src/crypto/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

.PHONY: all
all: $(BUILD)/luahsm

$(BUILD)/luahsm: $(BUILD)/obj/src/main.o $(BUILD)/libluahsm.a
	$(CC) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(PC_LIBS)

$(BUILD)/libluahsm.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(OURS) $(CFLAGS) -c -o $@ $<

# The little Lua that ships inside the binary, as the bytes of an array.
$(BUILD)/prelude.h: lua/prelude.lua
	@mkdir -p $(@D)
	{ echo 'static const unsigned char prelude[] = {'; \
	  od -An -v -tx1 $< | sed 's/\([0-9a-f][0-9a-f]\)/0x\1,/g'; echo '};'; } > $@
$(BUILD)/obj/src/sandbox.o: $(BUILD)/prelude.h

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libluahsm.a
	@mkdir -p $(@D)
	$(CC) $(OURS) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $< $(BUILD)/libluahsm.a $(PC_LIBS) -lcmocka

.PHONY: unit
unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD)/obj $(BUILD)/tests -name '*.d' 2>/dev/null)
