package dev.adagrad.openapi;

/// The longer texts of the OpenAPI document.
final class Texts {

	static final String INTRODUCTION = """
			AdaGrad scales each parameter's learning rate by the history of its gradients:

			    G ← G + g²
			    θ ← θ − η·g / (√G + ε)

			POST `parameter`, `grad` and `G`; the answer is the next `parameter` and the next `G`. Nothing is kept on the \
			server: send the `G` you got back with your next gradient (zeros before the first step).

			All errors are `application/problem+json` (RFC 9457) with a stable `code`; the `type` of each opens as a page \
			that explains it: [all problems](/problems).""";

	static final String STEP = """
			With `g` the gradient, `θ` the parameter and `t` the number of the step, elementwise and in this order:

			1. `maximize`: `g ← −g`
			2. clipping: `clip_value` c: `g ← min(max(g, −c), c)`; `clip_norm` c: `g ← g · min(1, c / ‖g‖₂)`
			3. `weight_decay` λ, mode `coupled`: `g ← g + λθ`
			4. `G ← G + g²`
			5. `η_t = learning_rate / (1 + (t − 1) · lr_decay)`
			6. `epsilon_placement` `outside_sqrt`: `Δ = η_t · g / (√G + ε)`; `inside_sqrt`: `Δ = η_t · g / √(G + ε)`
			7. `θ ← θ − Δ`; with mode `decoupled`: `θ ← (θ − Δ) − (η_t·λ)·θ_old`

			Each operation is rounded once to `dtype`, left to right as written, without FMA; hyperparameters and η_t are \
			F64, rounded to `dtype` where they meet a tensor. So anyone can reproduce the answer bit for bit. Where the \
			denominator is 0, Δ is 0. A result that would not be finite refuses the whole step.""";

	static final String NUMBERS = "A number, or an array of numbers. Every number is finite; in the precision of dtype.";

	private Texts() {
	}

}
