#!/usr/bin/env bash
# Convex Gateway from a shell: query, mutate, subscribe, sign in, and handle an error by its reason. Needs curl and jq; with
# grpcurl, a query and a mutation are also made over gRPC.
set -euo pipefail

REST=${REST:-http://127.0.0.1:8080}
GATEWAY=${GATEWAY:-127.0.0.1:50051}
NONE='{}' # no arguments
AUTH=()
if [ -n "${TOKEN:-}" ]; then AUTH=(-H "Authorization: Bearer $TOKEN"); fi # a Clerk session token; none: anonymous

# call KIND PATH [ARGS [OPTION …]]: runs a function once and prints the response, or the error and fails. KIND is query, mutate or
# action.
call() {
  jq -nc --arg path "$2" --argjson args "${3:-$NONE}" '{$path, $args}' |
    curl -sS --fail-with-body --max-time 60 "${AUTH[@]}" "${@:4}" --data-binary @- "$REST/v1/$1"
}

# mutate PATH [ARGS]: the same for a mutation. After UNAVAILABLE (code 14) or a lost connection it is sent again, up to 4 times, with the
# same id, which keeps it from running twice.
mutate() {
  local id response backoff
  id=$(request_id)
  for backoff in 0.5 1 2 4 0; do
    if response=$(call mutate "$1" "${2:-$NONE}" -H "Idempotency-Key: $id"); then
      echo "$response"
      return
    fi
    if [ -n "$response" ] && jq -e '.code != 14' <<<"$response" >/dev/null; then break; fi
    sleep "$backoff"
  done
  echo "$response"
  return 1
}

request_id() { head -c 16 /dev/urandom | base64; }

# grpc METHOD PATH [ARGS [FLAG …]]: the same over gRPC, with the protos. METHOD is Query, Mutate or Action.
grpc() {
  jq -nc --arg path "$2" --argjson args "${3:-$NONE}" '{$path, $args}' |
    grpcurl -plaintext -max-time 60 "${AUTH[@]}" "${@:4}" -import-path "$(dirname "$0")/../../proto" \
      -proto convexgateway/v1/function_service.proto -d @ "$GATEWAY" "convexgateway.v1.FunctionService/$1"
}

# subscribe PATH [ARGS]: follows a query, without end. Calls on_event with the name and JSON of each event. A lost stream
# resumes where it was: the newest id is its resume token.
subscribe() {
  local id='' event='' line backoff=1
  while true; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        'id: '*) id=${line#id: } backoff=1 ;;
        'event: '*) event=${line#event: } ;;
        'data: '*) on_event "$event" "${line#data: }" ;;
        '{'*) on_event status "$line" ;; # an error before the first event
      esac
    done < <(curl -sN --keepalive-time 30 "${AUTH[@]}" -H 'Accept: text/event-stream' ${id:+-H "Last-Event-ID: $id"} \
      --get --data-urlencode "path=$1" --data-urlencode "args=${2:-$NONE}" "$REST/v1/subscribe")
    echo "lost: again in $backoff s"
    sleep "$backoff"
    backoff=$((backoff < 16 ? 2 * backoff : 30))
  done
}

on_event() {
  case $1 in
    value) echo "subscribe: $(jq -r "$describe" <<<"$2")" ;;
    unchanged) echo 'resumed: unchanged' ;;
    function_error) echo "the query failed: $(jq -r .functionError.reason <<<"$2")" ;; # the next write may repair it
    status) # the stream ends; try again only after UNAVAILABLE, code 14
      echo "error: $(reason <<<"$2")"
      jq -e '.code == 14' <<<"$2" >/dev/null || exit 1
      ;;
  esac
}

# The reason of an error, from its google.rpc.ErrorInfo.
reason() { jq -r '.details[]? | select(."@type" == "type.googleapis.com/google.rpc.ErrorInfo").reason'; }

describe='.value | "\(length) messages" + if length > 0 then ", the last: \(.[-1].body)" else "" end'

me=$(call query users:me)
jq -r 'if .value then "signed in as \(.value.subject)" else "anonymous" end' <<<"$me"

messages=$(call query messages:list '{"limit":10}')
echo "query: $(jq -r "$describe" <<<"$messages")"

if error=$(mutate messages:send '{"body":""}'); then exit 1; fi
case $(reason <<<"$error") in
  CONVEX_ERROR) echo "refused: CONVEX_ERROR - $(jq -r .message <<<"$error")" ;; # thrown by the function, on purpose
  *) echo "$error" >&2; exit 1 ;;
esac

if command -v grpcurl >/dev/null; then
  echo "grpcurl: $(grpc Query messages:list '{"limit":10}' | jq -r "$describe")"
  # -v shows trailers, of which error-reason repeats the reason.
  echo "grpcurl: refused: $(grpc Mutate messages:send '{"body":""}' -v -H "idempotency-key: $(request_id)" 2>/dev/null | sed -n 's/^error-reason: //p')"
fi

mutate messages:send '{"body":"hello from the shell"}' >/dev/null
subscribe messages:list '{"limit":10}'
