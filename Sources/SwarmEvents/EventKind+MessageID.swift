// SPDX-License-Identifier: Apache-2.0

extension EventKind {
    /// The journal's `MESSAGE_ID`: 128 random bits in hexadecimal digits, drawn once and never changed.
    package var messageID: String {
        switch self {
        case .daemonStarted: "fe5b357066b596335dedc79252e2a76c"
        case .startFailed: "a57707b8d4b23a1600eb8b971cea17e4"
        case .daemonStopping: "ce4783859b0c7d3e1b2d44068c5d3b11"
        case .daemonStopped: "56d21603fd39fc825916255bbec59fd7"
        case .daemonReloaded: "b8503d71dbf3d7222c0dd3ce5036fe15"
        case .reloadRefused: "69fc242a48eef0baffddefddd651b80d"
        case .socketKept: "e15ff464cf723602190679e8d6a31caa"
        case .settingChanged: "badbf03bf0a409cd98b06d0055358879"
        case .partStuck: "38d1bd9ab101e5e5bceb65bc98d5a1d6"
        case .partRecovered: "b58ace2bc764a09109d9537702df5c41"
        case .diskSlow: "b5804c7909c08ca19aefd64e19551c17"
        case .stopUnclean: "a4034dc25fd6ed6b7dce5f752be551f0"
        case .listening: "2f605e48bc58d297bc66580dbd1ad7f3"
        case .ipv6Missing: "7d4c5792d304d7a85dc0f2dc65ec1c3f"
        case .blockListRead: "2fde6a23e3b6c0d238997823b6725798"
        case .stateRepaired: "32a84e5f62b8f52e555a837902e077dc"
        case .recordMissing: "1f8874b0c20342779c3934a8e85f1055"
        case .recordDamaged: "a5f99adeb26aaf42b3cde543249a2c9c"
        case .progressUnrecorded: "7a7ffe3d8fe903bace1837b785bfb0e6"
        case .piecesMissing: "0ebd9b514539d76dbcb6a8978c3a947b"
        case .torrentAdded: "06b3d837667d6dd7f508c4b17b28b234"
        case .torrentRemoved: "b46a180447e1611a28b6703dae2d5438"
        case .torrentFinished: "7d317e434f0745536240c0543cad4081"
        case .torrentPaused: "d8b55af2d98e8813f12795a8c5b4ae91"
        case .torrentContinued: "eae9fa61ea2c7ee3e85343bfd72f8132"
        case .torrentSuspended: "08ffca62264a2a18a1d1070fbf4e42ea"
        case .torrentResumed: "93ef5d3cce3486e328826a18f588972b"
        case .torrentStopUnclean: "963f1b1a13a0fff14d4dbe817ef958bd"
        case .pieceHashFailed: "04db3a259557c541c45bee6363de4f20"
        case .peerBanned: "d04971877a1a7d56a070bf3aeace9500"
        case .trackerFailed: "dbd3e5356873b6aaeea735bbab9f9bcf"
        case .trackerRecovered: "982f49181da4aa0354e1553dca55c9b7"
        case .shareRegistered: "cac3a0f789d9cb079808224c5067a58a"
        case .shareUnregistered: "8758b26c2e44b7e2c4ebc1ec1063f8f1"
        case .catalogueFailed: "1c1bf2fe098ed116928fa80c22200cda"
        case .strategyFaulted: "faf4684aca7a00b9a34cc20ad96451e3"
        case .strategyMissing: "3fd448da8af2489d248b1fb9cd35d4e7"
        case .pluginUnusable: "f38889ecd0cf8cd0e13b57aad22ca738"
        case .strategyChanged: "c475f60ae31d16cd400afc8f6ae0a078"
        case .strategyMessage: "3e7ecacb1875b096c1a5de3aa229b546"
        }
    }
}
