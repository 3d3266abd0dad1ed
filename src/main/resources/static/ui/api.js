/** Has Swagger UI follow the system's dark mode: it knows one, which is on where the root has a class. */

const dark = matchMedia('(prefers-color-scheme: dark)');

function follow() {
  document.documentElement.classList.toggle('dark-mode', dark.matches);
}

dark.addEventListener('change', follow);
follow();
