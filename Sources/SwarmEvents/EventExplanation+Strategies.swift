// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - Strategies

    static let strategyFaulted = EventExplanation(
        "A strategy plugin was turned off",
        """
        The @SWARM_STRATEGY_KIND@ @SWARM_STRATEGY_NAME@ gave answers that make no sense or took too
        long for them (it @SWARM_STRATEGY_FAULT@), and was turned off for all torrents until the
        daemon starts again; @SWARM_STRATEGY_FALLBACK@ takes its place. No data is at risk: answers
        are checked before they are used.

        It is an error in the plugin @SWARM_STRATEGY_PATH@: tell its author, or choose another
        strategy, in the configuration or with swarmctl strategy.
        """)

    static let strategyHeld = EventExplanation(
        "A strategy plugin does not come back from a call",
        """
        A thread of swarmd waits for the @SWARM_STRATEGY_KIND@ @SWARM_STRATEGY_NAME@, which does not
        come back from a call; the torrents that the thread serves stand still. A plugin cannot be
        stopped from outside: the service manager ends swarmd when its watchdog has not heard of it
        for long enough, and starts it again. The plugin file @SWARM_STRATEGY_PATH@ is not loaded
        then, and another strategy takes its place.

        It is an error in the plugin: tell its author. Once the file is replaced it is loaded at the
        next start. To have the same file tried again, take its line out of held-plugins in the
        state folder. Without a service manager restart swarmd yourself.
        """)

    static let strategyMissing = EventExplanation(
        "A strategy plugin could not be used",
        """
        The strategy @SWARM_STRATEGY_NAME@ could not be used: @SWARM_ERROR_MESSAGE@. Another takes
        its place, so that no torrent stands still. swarmctl plugins lists what is installed, and
        which files cannot be used.
        """)

    static let pluginUnusable = EventExplanation(
        "A plugin file cannot be used",
        """
        @SWARM_ERROR_MESSAGE@.

        Every file is tried in a process of its own before it is loaded, so the daemon is not at
        risk. It goes on with the plugins that work. Install a sound version of the plugin and
        restart the daemon, or take the file away.
        """)

    static let strategyChanged = EventExplanation(
        "Another strategy decides for a torrent",
        """
        An operator, or a changed configuration, chose another strategy: from now on
        @SWARM_STRATEGY_NAME@ is the @SWARM_STRATEGY_KIND@ of @SWARM_TORRENT_NAME@. What was fetched
        stays, and transfers go on.
        """)

    static let strategyMessage = EventExplanation(
        "A strategy plugin says something",
        """
        The message is the plugin's own, of @SWARM_STRATEGY_NAME@.
        """)
}
