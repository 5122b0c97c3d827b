# Completion of luahsm for bash. The options are those that --help prints, so
# there is no list here to fall behind; settings come from `config list`.

_luahsm()
{
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
	local program=${COMP_WORDS[0]} command=() word choices

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == -* ]] && break
		command+=("$word")
		[[ ${command[0]} == @(plugin|keys|key|audit|lmk|config) && ${#command[@]} -lt 2 ]] || break
	done

	case $previous in
	--config | --file | --socket | --admin-socket | --vault | --passphrase-file)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return ;;
	--plugin-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return ;;
	--profile)
		choices='test strict' ;;
	--set)
		compopt -o nospace
		choices=$("$program" config list 2>/dev/null | sed -n 's/^\([a-z][a-z0-9_.]*\)$/\1=/p') ;;
	*)
		# Commands stand behind "commands:", options behind "options:".
		choices=$("$program" "${command[@]}" --help 2>/dev/null |
		    sed -n 's/^  \(--[a-z-]*\).*/\1/p; /^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p') ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
	if [[ ${#COMPREPLY[@]} -eq 0 && $current != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -F _luahsm luahsm
