// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `completion`: prints what a shell needs to complete swarmctl's commands.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        usage: "swarmctl completion bash|zsh|fish",
        discussion: """
            The package installs it for bash, zsh and fish. By hand:
              swarmctl completion bash >~/.local/share/bash-completion/completions/swarmctl
              swarmctl completion zsh >~/.zfunc/_swarmctl
              swarmctl completion fish >~/.config/fish/completions/swarmctl.fish
            """)

    /// The shells that there is a script for.
    enum Shell: String, CaseIterable {
        case bash
        case zsh
        case fish
    }

    @Argument(
        help: "The shell: bash, zsh or fish.", completion: .list(ChoiceArgument.words(of: Shell.self)),
        transform: ChoiceArgument.read)
    var shell: Shell

    func run() {
        switch self.shell {
        case .bash: Output.write(Swarmctl.completionScript(for: .bash) + "\n")
        case .zsh: Output.write(Swarmctl.completionScript(for: .zsh) + "\n")
        case .fish: Output.write(Swarmctl.completionScript(for: .fish) + "\n")
        }
    }
}
