package rpc

import (
	"testing"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// What a response takes is held until grpc-go frees its buffer, however small it is.
func TestAnswerIsHeldUntilItIsFreed(t *testing.T) {
	t.Parallel()
	if !mem.IsBelowBufferPoolingThreshold(minAnswer-1) || mem.IsBelowBufferPoolingThreshold(minAnswer) {
		t.Error("grpc-go frees buffers of another size")
	}
	for _, size := range []int{0, 1, 1 << 10, 1 << 20} {
		budget := limit.NewBudget(2<<20, 0, call.ErrOverloaded)
		hold := budget.Open("ada")
		message := wrapperspb.Bytes(make([]byte, size))
		a := newAnswer(message, sizeOf(message), hold, nil)
		data, err := a.marshal()
		if err != nil {
			t.Fatal(err)
		}
		hold.Close()
		if held := budget.Held(); held < int64(size+streamMemory) {
			t.Errorf("of %d bytes %d are held", size, held)
		}
		data.Free()
		if held := budget.Held(); held != 0 {
			t.Errorf("of %d bytes %d are held at the end", size, held)
		}
	}
}
