// A training loop that takes every step exactly once: go run training_loop.go [http://localhost:8080]
//
// It goes on when the service is killed and started again in its middle, and can itself be stopped and started. Each step
// has an Idempotency-Key of its own; until an answer comes, the same step is sent again with the same key. The standard
// library alone.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"net/http"
	"os"
	"time"
)

const steps = 2000

// answer has the fields of all answers that this program reads; errors have a code and a detail.
type answer struct {
	Step      int       `json:"step"`
	Parameter []float64 `json:"parameter"`
	Code      string    `json:"code"`
	Detail    string    `json:"detail"`
}

var client = &http.Client{Timeout: 10 * time.Second}

// call sends a request until it is answered. The key makes that safe: the server takes a step once, however often it is sent.
func call(method, url string, fields map[string]any, key string) answer {
	var body []byte
	if fields != nil {
		var err error
		if body, err = json.Marshal(fields); err != nil {
			log.Fatal(err)
		}
	}
	wait := 100 * time.Millisecond
	for {
		status, result, err := send(method, url, body, key)
		switch {
		case err == nil && status < 300:
			return result
		case err == nil && status != http.StatusServiceUnavailable && result.Code != "session-busy":
			log.Fatalf("%s: %s", result.Code, result.Detail)
		}
		time.Sleep(wait)
		if wait < 2*time.Second {
			wait *= 2
		}
	}
}

func send(method, url string, body []byte, key string) (status int, result answer, err error) {
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return 0, answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, answer{}, err
	}
	defer response.Body.Close()
	err = json.NewDecoder(response.Body).Decode(&result)
	return response.StatusCode, result, err
}

// loss is half the mean of the squared errors of the line theta[0] + theta[1] * x, and grad its gradient.
func loss(theta []float64) (value float64, grad []float64) {
	const points = 50
	grad = []float64{0, 0}
	for i := 0; i < points; i++ {
		x := float64(i) / points
		y := 1 - 2*x + 0.1*math.Sin(float64(7*i))
		difference := theta[0] + theta[1]*x - y
		value += difference * difference / 2 / points
		grad[0] += difference / points
		grad[1] += difference * x / points
	}
	return value, grad
}

func main() {
	base := "http://localhost:8080"
	if len(os.Args) > 1 {
		base = os.Args[1]
	}
	session := base + "/adagrad/sessions/line"
	start := []float64{0, 0}
	// Creating it again changes nothing, so a program that comes back goes on where the session stands.
	created := call("PUT", session, map[string]any{"parameter": start, "learning_rate": 0.5}, "")
	theta := call("GET", session+"/state", nil, "").Parameter
	for step := created.Step + 1; step <= steps; step++ {
		_, grad := loss(theta)
		theta = call("POST", session+"/step", map[string]any{"grad": grad}, fmt.Sprintf("step %d", step)).Parameter
	}
	before, _ := loss(start)
	after, _ := loss(theta)
	taken := call("GET", session, nil, "").Step
	fmt.Printf("loss %.4f -> %.4f after %d steps\n", before, after, taken)
	if after > before/20 || taken != steps {
		log.Fatal("the loss has not fallen as it should, or a step was lost or doubled")
	}
}
