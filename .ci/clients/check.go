// Calls the service through the client that openapi-generator made (generator go).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"

	openapi "github.com/GIT_USER_ID/GIT_REPO_ID"
)

func check(name string, actual, expected any) {
	if !reflect.DeepEqual(actual, expected) {
		fmt.Fprintf(os.Stderr, "go: %s: %v, expected %v\n", name, actual, expected)
		os.Exit(1)
	}
	fmt.Printf("go: %s: ok\n", name)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
}

// The problem that a call was refused with.
func problem(err error) openapi.Problem {
	var refused *openapi.GenericOpenAPIError
	if !errors.As(err, &refused) {
		check("refusal", err, "a problem")
	}
	return refused.Model().(openapi.Problem)
}

// Expected values: the arithmetic that the API documents, done elsewhere in doubles; the same to the last bit.
func main() {
	configuration := openapi.NewConfiguration()
	configuration.Servers = openapi.ServerConfigurations{{URL: os.Args[1]}}
	client := openapi.NewAPIClient(configuration)
	ctx := context.Background()
	step := func(request openapi.StepRequest) (*openapi.StepResponse, error) {
		answer, _, err := client.StepAPI.Step(ctx).StepRequest(request).Execute()
		return answer, err
	}
	first := []float64{0.9900000009999999, 1.9900000005, 2.990000000333333}

	answer, err := step(openapi.StepRequest{Parameter: []float64{1, 2, 3}, Grad: []float64{0.1, 0.2, 0.3},
		G: []float64{0, 0, 0}, Include: []openapi.Include{openapi.UPDATE, openapi.EFFECTIVE_LEARNING_RATE}})
	must(err)
	check("arrays, parameter", answer.Parameter, first)
	check("arrays, G", answer.G, []float64{0.010000000000000002, 0.04000000000000001, 0.09})
	check("arrays, update", answer.Update, []float64{0.0099999990000001, 0.009999999500000025, 0.00999999966666668})
	// with the defaults of the document, which must not override the preset's
	preset := openapi.NewStepRequestWithDefaults()
	preset.SetParameter([]float64{1})
	preset.SetGrad([]float64{0.1})
	preset.SetG([]float64{1})
	preset.SetPreset(openapi.KERAS)
	answer, err = step(*preset)
	must(err)
	check("preset keras", answer.Parameter, []float64{0.9999004962859049})
	tensors := map[string]openapi.TensorStepRequest{
		"w": *openapi.NewTensorStepRequest([]float64{1, 2, 3}, []float64{0.1, 0.2, 0.3}, []float64{0, 0, 0})}
	answer, err = step(openapi.StepRequest{Tensors: tensors})
	must(err)
	check("model", answer.Tensors["w"].Parameter, first)
	_, err = step(openapi.StepRequest{Parameter: []float64{1, 2}, Grad: []float64{0.1}, G: []float64{0, 0}})
	refused := problem(err)
	check("problem", []any{refused.Status, refused.Code, refused.Errors[0].Pointer}, []any{int32(422), "length-mismatch", "/grad"})

	id := fmt.Sprintf("go-%d", os.Getpid())
	created, _, err := client.SessionsAPI.PutSession(ctx, id).
		CreateSessionRequest(openapi.CreateSessionRequest{Parameter: []float64{1, 2, 3}}).Execute()
	must(err)
	check("session, created", []any{created.Id, created.Step, created.Size, created.HoldsParameter},
		[]any{id, int64(0), int64(3), true})
	request := openapi.SessionStepRequest{Grad: []float64{0.1, 0.2, 0.3}, Include: []openapi.Include{openapi.G}}
	keyed := client.SessionsAPI.StepSession(ctx, id).SessionStepRequest(request).IdempotencyKey("step 1")
	stepped, _, err := keyed.Execute()
	must(err)
	check("session, parameter", stepped.Parameter, first)
	check("session, G", stepped.G, []float64{0.010000000000000002, 0.04000000000000001, 0.09})
	again, response, err := keyed.Execute()
	must(err)
	check("session, the same answer", again, stepped)
	check("session, replayed", response.Header.Get("Idempotency-Replayed"), "true")
	_, _, err = client.SessionsAPI.StepSession(ctx, id).SessionStepRequest(request).IfMatch("\"41\"").Execute()
	refused = problem(err)
	check("session, mismatch", []any{refused.Status, refused.Code, *refused.Step}, []any{int32(412), "step-mismatch", int64(1)})
	rate := 0.0
	sparse, _, err := client.SessionsAPI.StepSession(ctx, id).SessionStepRequest(openapi.SessionStepRequest{
		Indices: []int64{2, 0, 2}, Grad: []float64{0.1, 0.2, 0.3}, LearningRate: &rate}).Execute()
	must(err)
	check("sparse step", []any{sparse.Step, sparse.Indices, sparse.Parameter},
		[]any{int64(2), []int64{0, 2}, []float64{first[0], first[2]}})
	_, err = client.SessionsAPI.DeleteSession(ctx, id).Execute()
	must(err)
	_, _, err = client.SessionsAPI.GetSession(ctx, id).Execute()
	check("session, deleted", problem(err).Code, "session-not-found")

	size := int64(1) << 40
	table, _, err := client.SessionsAPI.PutSession(ctx, id).CreateSessionRequest(openapi.CreateSessionRequest{Size: &size}).Execute()
	must(err)
	check("size of 64 bits", table.Size, size)
	_, err = client.SessionsAPI.DeleteSession(ctx, id).Execute()
	must(err)

	// a service that asks for a key
	configuration.Servers = openapi.ServerConfigurations{{URL: os.Getenv("KEYED_URL")}}
	plain := openapi.StepRequest{Parameter: []float64{1, 2, 3}, Grad: []float64{0.1, 0.2, 0.3}, G: []float64{0, 0, 0}}
	_, err = step(plain)
	check("no key", problem(err).Code, "unauthorized")
	ctx = context.WithValue(ctx, openapi.ContextAccessToken, os.Getenv("KEY"))
	answer, err = step(plain)
	must(err)
	check("key", answer.Parameter, first)
}
