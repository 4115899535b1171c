package deployment_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/v"
)

func Example() {
	greet := app.Query("greet:hello", v.Object(v.Field("name", v.String())),
		func(ctx *app.QueryCtx, args app.Args) (any, error) {
			ctx.Log("greeting", args.String("name"))
			return "hello " + args.String("name"), nil
		})
	d, err := deployment.Start(context.Background(), deployment.Config{Addr: "127.0.0.1:0", Functions: []app.Function{greet}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Close()
	defer http.DefaultClient.CloseIdleConnections()

	response, err := http.Post(d.URL()+"/api/query", "application/json", strings.NewReader(`{"path":"greet:hello","args":{"name":"ada"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Printf("%s\n", body)
	// Output: {"status":"success","value":"hello ada","logLines":["[LOG] 'greeting' 'ada'"]}
}
