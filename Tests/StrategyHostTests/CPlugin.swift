// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Plugins in C that tests compile, as their authors would.
enum CPlugin {
    /// The machine's C compiler; without one the tests that need it are skipped.
    static let compiler: String? = CPlugin.candidates.first { access($0, X_OK) == 0 }
    private static let candidates: [String] = [
        "/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang", "/opt/swift/usr/bin/clang",
    ]

    /// The top of the source tree.
    static let tree = String(#filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined())
    static let headers = CPlugin.tree + "/Sources/CSwarmPlugin/include"
    static let example = CPlugin.tree + "/Plugins/Example-C/backwards.c"

    /// A small picker that is called `made` and picks the first piece that it may. Words for the preprocessor change it.
    static let source = """
        #include <swarm_plugin.h>
        #include <stdlib.h>
        #include <time.h>
        #include <unistd.h>
        #include <fcntl.h>
        #ifdef TRACE
        __attribute__((constructor)) static void trace(void) {
            int fd = open(TRACE, O_WRONLY | O_CREAT | O_APPEND, 0600);
            if (fd >= 0 && write(fd, "x", 1) == 1) close(fd);
        }
        #endif
        #ifdef CONSTRUCTOR
        __attribute__((constructor)) static void begin(void) { CONSTRUCTOR; }
        #endif
        #ifdef UNKNOWN
        int no_such_function(void);
        int (*unknown)(void) = no_such_function;
        #endif
        #ifndef MAJOR
        #define MAJOR SWARM_ABI_MAJOR
        #endif
        #ifndef MINOR
        #define MINOR SWARM_ABI_MINOR
        #endif
        #ifndef LATER
        #define LATER 0
        #endif
        #ifndef FLAGS
        #define FLAGS 0
        #endif
        #ifndef PICK
        #define PICK first(peer, pieces)
        #endif
        static void *create(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                            size_t count) {
            (void)host; (void)torrent; (void)values; (void)count;
            return malloc(8);
        }
        #ifdef TOLD
        static uint32_t doze(void);
        #else
        #define TOLD (void)0
        #endif
        static void nothing(void *instance, uint32_t piece) { (void)instance; (void)piece; TOLD; }
        static void none(void *instance, const uint64_t *words, size_t count, uint32_t set) {
            (void)instance; (void)words; (void)count; (void)set;
        }
        static void set(void *instance, uint32_t piece, uint32_t value) { (void)instance; (void)piece; (void)value; }
        static inline uint32_t first(const swarm_picker_peer *peer, uint32_t *pieces) {
            for (uint32_t word = 0; word < peer->word_count; word++)
                for (uint32_t bit = 0; bit < 64; bit++)
                    if (peer->words[word] >> bit & 1) { pieces[0] = word * 64 + bit; return 1; }
            return 0;
        }
        static inline uint32_t spin(void) {
            struct timespec start, now;
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
            do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
            while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < 12000000);
            return 0;
        }
        static uint32_t __attribute__((unused)) doze(void) {
            struct timespec pause = {0, 12000000};
            nanosleep(&pause, NULL);
            return 0;
        }
        static uint32_t pick(void *instance, const swarm_picker_peer *peer, uint32_t maximum, uint32_t *pieces) {
            (void)instance; (void)peer; (void)maximum; (void)pieces;
            return PICK;
        }
        static const struct { swarm_picker table; char later[LATER + 8]; } picker = {
            .table = {sizeof(swarm_picker) + LATER, FLAGS, create, free, nothing, nothing, none, none, NULL, set, set, pick},
        };
        static const struct { swarm_plugin plugin; char later[LATER + 8]; } described = {
            .plugin = {sizeof(swarm_plugin) + LATER, MAJOR, MINOR, SWARM_KIND_PICKER, 0, "made", "1", "is a test", NULL,
                       &picker.table, NULL, NULL},
        };
        #ifndef NO_ENTRY
        const swarm_plugin *swarm_plugin_entry(uint32_t major) {
            (void)major;
        #ifdef ENTRY
            ENTRY;
        #endif
            return &described.plugin;
        }
        #endif
        """

    /// Compiles `source` to the library `path`; `words` are more arguments for the compiler.
    static func build(
        _ source: String = CPlugin.source, to path: String, words: [String] = [], headers: String = CPlugin.headers
    ) throws {
        let compiler = try #require(CPlugin.compiler)
        let file = path + ".c"
        try Fixture.write(Array(source.utf8), to: file)
        defer { unlink(file) }
        let quoted =
            ([compiler, "-std=gnu11", "-O1", "-fPIC", "-shared", "-I" + headers] + words + [file, "-o", path]).map {
                "'" + $0 + "'"
            }
        #expect(system(quoted.joined(separator: " ")) == 0, "the compiler fails")
        chmod(path, 0o644)
    }
}
