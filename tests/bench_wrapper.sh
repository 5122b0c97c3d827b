#!/bin/sh
#
# bench_wrapper.sh: a wrapper as one writes it in an afternoon, for
# tests/bench_wrapper.py to measure ours beside: sed for JSON, netcat for the
# socket LUAHSM_SOCKET. It knows publicKey, and signMessage with a digest.

field() {	# field NAME: the text of a member
	printf '%s' "$request" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"
}

send() {	# send LENGTH: standard input, framed, to the daemon; its reply without frame and header
	{ printf "\\$(printf '%03o' $(($1 / 256)))\\$(printf '%03o' $(($1 % 256)))"; cat; } |
	    nc -N -U "$LUAHSM_SOCKET" | tail -c +7
}

request=$2
key=$(field keyResourceID)
key=${key#*://}
head=$(printf '%02X%s000000' ${#key} "$key")
case $(field methodName) in
publicKey)
	answer=$(printf 'SHELZ2%s' "$head" | send $((6 + ${#head})) | tail -c +14 | base64 -w 0)
	printf '{"publicKey":{"publicKeyPEM":"%s"}}\n' "$answer" ;;
signMessage)
	answer=$({ printf 'SHELZ4%s050020' "$head"; field digest | base64 -d; } |
	    send $((12 + ${#head} + 32)) | tail -c +11 | base64 -w 0)
	printf '{"signMessage":{"signature":"%s"}}\n' "$answer" ;;
*)
	echo '{"errorMessage":"unknown method"}'
	exit 1 ;;
esac
[ -n "$answer" ]
