// SPDX-License-Identifier: Apache-2.0

extension EventExplanation {
    // MARK: - Programs

    static let daemonStarted = EventExplanation(
        "A Swarm daemon has started",
        """
        @SYSLOG_IDENTIFIER@ (version @SWARM_VERSION@) runs and answers commands or announces.
        Torrents that it knows are brought up behind this; swarmctl list shows how far they are.

        SWARM_VERSION is the program's version, SWARM_CONTROL the socket on which swarmd answers.
        """)

    static let startFailed = EventExplanation(
        "A Swarm daemon could not start",
        """
        @SYSLOG_IDENTIFIER@ has ended, because something that it needs could not be had: the message
        says what, where, and what to do. Nothing was changed. Once it is mended:
        sudo systemctl restart @SYSLOG_IDENTIFIER@
        """)

    static let daemonStopping = EventExplanation(
        "A Swarm daemon is stopping",
        """
        @SYSLOG_IDENTIFIER@ was asked to stop. It takes no more commands, writes down the progress
        of every torrent and tells the trackers. Nothing needs to be done.
        """)

    static let daemonStopped = EventExplanation(
        "A Swarm daemon has stopped",
        """
        @SYSLOG_IDENTIFIER@ has ended in order: what was received is on disk and recorded, and
        nothing is hashed again at the next start.
        """)

    static let daemonReloaded = EventExplanation(
        "The configuration was read again",
        """
        @SYSLOG_IDENTIFIER@ has read its configuration again and applied what can change while it
        runs. Keys that the message names as waiting for a restart keep their old value until then:
        sudo systemctl restart @SYSLOG_IDENTIFIER@
        """)

    static let reloadRefused = EventExplanation(
        "The new configuration is not in order and was not taken",
        """
        @SYSLOG_IDENTIFIER@ was asked to read its configuration again and found a mistake in it. It
        goes on with the configuration it had; a restart would fail.

        SWARM_ERROR_MESSAGE says file, line, column and what is wrong. Mend it, check it with
        @SYSLOG_IDENTIFIER@ --check-config, then reload again.
        """)

    static let socketKept = EventExplanation(
        "The control socket keeps its mode and group",
        """
        The configuration says that others may connect to the control socket than could until now.
        The socket was made by systemd and is not the daemon's to change: systemctl edit
        swarmd.socket, and in [Socket] the lines SocketMode= and SocketGroup=.
        """)

    static let socketMissing = EventExplanation(
        "The tracker has no control socket",
        """
        swarm-trackerd could not make its control socket: @SWARM_ERROR_MESSAGE@. It serves peers all
        the same; swarmctl tracker does not reach it. As a service it has /run/swarm; started by
        hand, it needs a control_socket in the [tracker] table whose folder is there and writable.
        """)

    static let settingChanged = EventExplanation(
        "A setting was changed while the daemon runs",
        """
        Somebody changed @SWARM_SETTING@ with swarmctl. It holds until the next reload or restart,
        which take what the files say. To keep it, write it into a configuration file. To take it
        back: swarmctl config --unset @SWARM_SETTING@

        SWARM_SETTING is the key, SWARM_VALUE its new value.
        """)

    static let partStuck = EventExplanation(
        "A part of the daemon does not answer",
        """
        @SWARM_PART@ has not answered for a while. As long as this lasts, @SYSLOG_IDENTIFIER@ does
        not tell systemd that it is alive, and systemd restarts it when WatchdogSec= is over.
        Progress that was recorded is kept.

        If this comes again, report it with the journal of the minutes before. SWARM_PART names the
        part.
        """)

    static let partRecovered = EventExplanation(
        "A part of the daemon answers again",
        """
        @SWARM_PART@ had not answered for a while and does so again. If this comes often, the
        machine may be overloaded.
        """)

    static let diskSlow = EventExplanation(
        "A disk keeps the daemon waiting",
        """
        Every thread of @SWARM_PART@ waits for a disk. The daemon is alive and answers, but torrents
        on that disk stand still, and commands that write may have to wait. A restart would not
        help: the kernel holds these threads.

        Look at the disk or the network file system below the download folders and the state folder:
        dmesg, iostat -x, findmnt. It goes on by itself once the disk answers. SWARM_PART names the
        part that waits.
        """)

    static let stopUnclean = EventExplanation(
        "The daemon did not close everything in order",
        """
        @SYSLOG_IDENTIFIER@ has ended, but something could not be closed as it should:
        @SWARM_ERROR_MESSAGE@. What was recorded is safe. If it comes again, report it.
        """)

    static let listening = EventExplanation(
        "The tracker listens",
        """
        swarm-trackerd answers announces and catalogue questions on @SWARM_LISTEN@. Peers elsewhere
        reach it when the firewall lets TCP through to that port.
        """)

    static let ipv6Missing = EventExplanation(
        "This machine has no IPv6",
        """
        The tracker was to listen on @SWARM_LISTEN@, but the kernel offers no IPv6. It serves the
        other addresses. To make the line go away, turn IPv6 on, or take the address out of listen
        in the [tracker] table of the configuration.
        """)

    static let hookFailed = EventExplanation(
        "The operator's command failed",
        """
        The command that [hook] in swarmd.toml(5) wants run for events did not do its work:
        @SWARM_ERROR_MESSAGE@. The daemon goes on, and runs it for the next event again.

        It runs as the user of the daemon and within the sandbox of its unit: it may write only
        where the daemon may, and cannot become root.
        """)

    static let hookOutput = EventExplanation(
        "The operator's command printed something",
        """
        The message is a line that the command of [hook] in swarmd.toml(5) printed, for an event of
        the kind @SWARM_HOOK_EVENT@. Of each run the first lines are kept.
        """)

    static let watchFileRefused = EventExplanation(
        "A file in a watched folder could not be added",
        """
        @SWARM_WATCH_PATH@ lies in a folder that [watch] of swarmd.toml(5) names, and could not be
        added: @SWARM_ERROR_MESSAGE@.

        What will never be a torrent is called .refused afterwards. Where something else stood in
        the way (a download folder that is missing, a full disk) it is tried again by itself.
        """)

    static let watchFolderMissing = EventExplanation(
        "A watched folder cannot be looked at",
        """
        @SWARM_STORE_PATH@, which [watch] of swarmd.toml(5) names, cannot be looked at:
        @SWARM_ERROR_MESSAGE@. It is looked for every ten seconds.

        If swarmd runs as a service it sees only what its unit lets it see; to rename files that it
        has added it must be allowed to write there: systemctl edit swarmd, and in [Service] a line
        ReadWritePaths= with the folder.
        """)

    static let watchFolderFound = EventExplanation(
        "A watched folder can be looked at again",
        """
        @SWARM_STORE_PATH@ had been missing. The files in it are added as usual.
        """)

    static let blockListRead = EventExplanation(
        "The list of blocked addresses was read",
        """
        Peers within the @SWARM_RANGES@ ranges of @SWARM_STORE_PATH@ are neither dialled nor
        accepted.
        """)
}
