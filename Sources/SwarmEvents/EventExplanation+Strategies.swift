// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - Strategies

    static let strategyFaulted = EventExplanation(
        "A strategy plugin was turned off",
        """
        The @SWARM_STRATEGY_KIND@ @SWARM_STRATEGY_NAME@ gave answers that make no sense
        (@SWARM_STRATEGY_FAULT@) and was turned off for one torrent; @SWARM_STRATEGY_FALLBACK@ takes
        its place there. No data is at risk: answers are checked before they are used.

        It is an error in the plugin @SWARM_STRATEGY_PATH@: tell its author, or choose another
        strategy.
        """)

    static let strategyMissing = EventExplanation(
        "A strategy plugin could not be used",
        """
        The strategy @SWARM_STRATEGY_NAME@ could not be used: @SWARM_ERROR_MESSAGE@. The built-in
        one takes its place. swarmctl plugins lists what is installed.
        """)

    static let strategyMessage = EventExplanation(
        "A strategy plugin says something",
        """
        The message is the plugin's own, of @SWARM_STRATEGY_NAME@.
        """)
}
