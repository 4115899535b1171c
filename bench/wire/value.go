package wire

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Functions of the upstream and the arguments. Results are those of a chat: a list of messages.
const (
	QueryPath = "messages:list"
	QueryArgs = `{"channel":"general"}`
	QuerySize = 1 << 10 // bytes of its result's JSON
	LivePath  = "messages:live"
	LargePath = "messages:all"   // its result has LargeSize bytes
	SleepPath = "messages:sleep" // an action that does not end before its caller
	LargeSize = 15 << 20
)

// message is a row of a chat.
type message struct {
	ID           string  `json:"_id"`
	CreationTime float64 `json:"_creationTime"`
	Author       string  `json:"author"`
	Body         string  `json:"body"`
	Channel      string  `json:"channel"`
}

// Update is a result with its number in a sequence.
type Update struct {
	Seq      int       `json:"seq"`
	Messages []message `json:"messages"`
}

// NewUpdate returns the JSON of an update of about size bytes, at least 130.
func NewUpdate(seq, size int) []byte {
	u := Update{Seq: seq}
	for left := size - 30; ; {
		m := message{
			ID: fmt.Sprintf("j57%029d", seq*1000+len(u.Messages)), CreationTime: 1766000000000.5 + float64(seq),
			Author: "ada", Channel: "general",
		}
		if left < 500 { // the last one takes what is left
			m.Body = strings.Repeat("x", max(left-120, 1))
		} else {
			m.Body = `She said: "The quick brown fox jumps over the lazy dog" — twice.`
		}
		u.Messages = append(u.Messages, m)
		text, _ := json.Marshal(m) // strings and numbers
		if left -= len(text) + 1; left <= 0 {
			break
		}
	}
	text, _ := json.Marshal(u)
	return text
}
