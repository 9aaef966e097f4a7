// SPDX-License-Identifier: Apache-2.0

import Bencode
import Testing

@Suite struct BencodeWriterTests {
    @Test func `a tree is written with sorted keys`() {
        let tree: BencodeTree = ["peers": .bytes([0, 255]), "interval": 1800, "b": ["x", -1, [:]], "a ": 0]
        #expect(
            tree.encoded == Array("d2:a i0e1:bl1:xi-1edee8:intervali1800e5:peers2:".utf8) + [0, 255] + Array("e".utf8))
    }

    @Test func `keys are ordered as unsigned bytes`() {
        let tree = BencodeTree.dictionary([BencodeKey([0x80]): 1, BencodeKey([0x7f]): 2, BencodeKey([]): 3])
        #expect(tree.encoded == Array("d0:i3e1:".utf8) + [0x7f] + Array("i2e1:".utf8) + [0x80] + Array("i1ee".utf8))
    }

    @Test func `the ends of the number line are written`() {
        #expect(BencodeTree.integer(.min).encoded == Array("i-9223372036854775808e".utf8))
        #expect(BencodeTree.integer(.max).encoded == Array("i9223372036854775807e".utf8))
        #expect(BencodeTree.integer(0).encoded == Array("i0e".utf8))
        #expect(BencodeTree.list([]).encoded == Array("le".utf8))
        #expect(BencodeTree.string("").encoded == Array("0:".utf8))
    }

    @Test func `the streaming writer nests and takes raw values`() {
        var writer = BencodeWriter(reserving: 64)
        writer.dictionary { writer in
            writer.key("a")
            writer.dictionary { writer in
                writer.key("z")
                writer.write(1)
            }
            writer.key("b")
            writer.list { writer in
                writer.write("x")
                writer.write(raw: Array("i5e".utf8))
            }
        }
        #expect(writer.bytes == Array("d1:ad1:zi1ee1:bl1:xi5eee".utf8))
    }

    @Test func `keys out of order stop the program`() async {
        await #expect(processExitsWith: .failure) {
            var writer = BencodeWriter()
            writer.dictionary { writer in
                writer.key("b")
                writer.write(1)
                writer.key("a")
                writer.write(2)
            }
        }
    }

    @Test func `what is written is read back alike`() throws {
        let tree: BencodeTree = ["k": ["v", 1, ["n": .bytes(Array(0...255))]], "": []]
        #expect(try BencodeValue(parsing: tree.encoded).tree == tree)
    }
}
