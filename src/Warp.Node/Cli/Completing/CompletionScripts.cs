namespace Warp.Node.Cli.Completing;

/// <summary>What a shell is told so that it asks <c>warp</c> itself, by its directive <c>[suggest:POSITION]</c>, what may follow.</summary>
internal static class CompletionScripts
{
    // The program's name is written plainly, so that it is understood however it was called. Names with spaces are quoted as the shell reads them,
    // and options are offered to who has begun to write one.
    public const string Bash =
        """
        _warp() {
            local line="warp${COMP_LINE#"${COMP_WORDS[0]}"}"
            local position=$((COMP_POINT - ${#COMP_WORDS[0]} + 4))
            local current="${COMP_WORDS[COMP_CWORD]}" word
            COMPREPLY=()
            while IFS= read -r word; do
                if [[ "$word" == "$current"* && ( -n "$current" || "$word" != [-/]* ) ]]; then
                    COMPREPLY+=("$(printf '%q' "$word")")
                fi
            done < <("${COMP_WORDS[0]}" "[suggest:$position]" "$line" 2>/dev/null)
        }
        complete -o default -F _warp warp
        """;

    public const string Zsh =
        """
        #compdef warp
        _warp() {
            local line="warp ${(j: :)words[2,CURRENT]}"
            local -a found
            found=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _warp warp
        """;

    public const string Fish =
        """
        function __warp_suggest
            set -l line (commandline --cut-at-cursor --current-process)
            warp "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete --command warp --arguments '(__warp_suggest)'
        """;
}
