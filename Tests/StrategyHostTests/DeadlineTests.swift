// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface. Pieces of 64 KiB, 64 KiB played a second unless said otherwise: one piece.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct DeadlineTests {
    private static let piece = 65536.0

    private static func driver(
        pieces: Int = 200, window: Int = 20, rate: Int = 64, start: Int = 0
    ) throws -> PickerDriver {
        let driver = try PickerDriver(
            "deadline", pieces: pieces,
            options: ["window": "\(window)", "rate": "\(rate)", "start": "\(start)"])
        for _ in 0..<2 { driver.gain(driver.all) }
        return driver
    }

    @Test func `the window is picked in order of its deadlines`() throws {
        let driver = try Self.driver()
        #expect(driver.take(21, from: driver.all) == Array(0..<21))
    }

    @Test func `beyond the window the rarest is picked`() throws {
        let driver = try Self.driver()
        for piece in 0..<200 where piece != 150 { driver.picker.pieceGained(PieceIndex(piece)) }
        let order = driver.take(22, from: driver.all)
        #expect(order == Array(0..<21) + [150])
    }

    @Test func `the window goes on as playback does, and no further than what is had`() throws {
        let driver = try Self.driver()
        _ = driver.take(21, from: driver.all)
        driver.set(.have, 0..<10)
        // It was at piece 0, and five seconds are five pieces.
        driver.wait(seconds: 5)
        #expect(driver.take(5, from: driver.all) == [21, 22, 23, 24, 25])
        #expect(driver.pick(driver.all).first.map { $0 > 25 } == true)
        driver.wait(seconds: 1000)
        // Piece 10 is missing: playback waits there.
        #expect(driver.take(5, from: driver.all) == [26, 27, 28, 29, 30])
    }

    @Test func `a piece that failed is the most urgent again`() throws {
        let driver = try Self.driver()
        _ = driver.take(10, from: driver.all)
        driver.set(.have, 0..<10)
        driver.set(.wanted, [3])
        #expect(driver.pick(driver.all) == [3])
    }

    @Test func `a slow peer is given what it can bring in time`() throws {
        let driver = try Self.driver(window: 60)
        // Others bring four pieces a second; one brings a piece in five, and has another to bring before.
        for _ in 0..<8 { _ = driver.take(1, from: driver.all, rate: 4 * Self.piece) }
        let slow = try #require(driver.pick(driver.all, rate: Self.piece / 5).first)
        #expect(slow == 11, "ten seconds after the place of playback")
        #expect(driver.pick(driver.all, rate: 4 * Self.piece) == [8])
    }

    @Test func `peers that are all slow are not held back`() throws {
        let driver = try Self.driver()
        #expect(driver.take(6, from: driver.all, rate: Self.piece / 50) == Array(0..<6))
    }

    @Test func `a slow peer takes what nobody else has`() throws {
        let driver = try Self.driver()
        driver.lose(driver.all)
        driver.gain(driver.bits(Array(0..<4) + Array(5..<200)))
        for _ in 0..<8 { _ = driver.pick(driver.all, rate: 4 * Self.piece) }
        driver.set(.inFlight, 0..<4)
        #expect(driver.pick(driver.all, rate: Self.piece / 5) == [4])
    }

    @Test func `a slow peer takes what playback waits for when no faster one has come`() throws {
        let driver = try Self.driver()
        for _ in 0..<8 { _ = driver.pick(driver.all, rate: 4 * Self.piece) }
        #expect(driver.pick(driver.all, rate: Self.piece / 5) == [11])
        driver.wait(seconds: 1)
        #expect(driver.pick(driver.all, rate: Self.piece / 5) == [0])
    }

    @Test func `a slow peer is not left idle when nothing but the urgent is left`() throws {
        let driver = try Self.driver(pieces: 8)
        for _ in 0..<8 { _ = driver.pick(driver.all, rate: 4 * Self.piece) }
        #expect(Set(driver.take(9, from: driver.all, rate: Self.piece / 50)) == Set(0..<8))
    }

    @Test func `without a rate half of what comes in is played`() throws {
        let driver = try Self.driver(pieces: 2000, window: 100, rate: 0)
        // The shortest window, as long as nothing is known.
        #expect(driver.take(16, from: driver.all) == Array(0..<16))
        #expect(driver.pick(driver.all).first.map { $0 >= 16 } == true)
        for second in 0..<20 {
            driver.set(.have, second * 4..<second * 4 + 4)
            driver.wait(seconds: 1)
            _ = driver.pick(driver.all)
        }
        // Two pieces a second for a hundred seconds, from where playback is: 19 seconds on at most.
        let window = driver.take(400, from: driver.all).prefix { $0 < 300 }
        #expect(Array(window.prefix(120)) == Array(80..<200))
    }

    @Test func `playback begins where it is told, and the rest comes as well`() throws {
        let driver = try Self.driver(start: 5)
        #expect(driver.take(21, from: driver.all) == Array(80..<101))
        #expect(driver.take(300, from: driver.all).count == 179)
    }

    @Test func `what is played is what has the highest priority`() throws {
        let driver = try Self.driver()
        driver.prioritize(7, 100..<110)
        #expect(driver.take(10, from: driver.all) == Array(100..<110))
        // Not had yet: playback is still there.
        let next = try #require(driver.take(1, from: driver.all).first)
        driver.set(.have, 100..<110)
        #expect(driver.take(5, from: driver.all) == (0..<6).filter { $0 != next }.prefix(5).map { $0 })
    }

    @Test func `unwanted pieces are not waited for`() throws {
        let driver = try Self.driver()
        driver.set(.unwanted, 0..<50)
        #expect(driver.take(3, from: driver.all) == [50, 51, 52])
    }
}
