# SPDX-License-Identifier: Apache-2.0
"""One libtorrent session with one torrent, plain TCP unless the settings say else, found through trackers only.

    libtorrent_peer.py TORRENT-OR-MAGNET FOLDER ADDRESS:PORT SETTINGS-AS-JSON

Prints the state whenever it changes, and `complete` in a line of its own once everything is there."""
import json
import sys
import time

import libtorrent as lt

torrent, folder, listen, more = sys.argv[1:]
session = lt.session({
    "listen_interfaces": listen, "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False, "in_enc_policy": 2, "out_enc_policy": 2,
    "allow_multiple_connections_per_ip": True, "min_announce_interval": 2, "min_reconnect_time": 1,
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.tracker_notification,
    **json.loads(more),
})
if torrent.startswith("magnet:"):
    parameters = lt.parse_magnet_uri(torrent)
else:
    parameters = lt.add_torrent_params()
    parameters.ti = lt.torrent_info(torrent)
parameters.save_path = folder
parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(parameters)

shown = None
while True:
    status = handle.status()
    state = f"{status.state} {status.num_peers} peers"
    if state != shown:
        print(shown := state, flush=True)
        if status.is_seeding:
            print("complete", flush=True)
    for alert in session.pop_alerts():
        print(alert.message(), flush=True)
    time.sleep(0.5 if status.is_seeding else 0.02)
