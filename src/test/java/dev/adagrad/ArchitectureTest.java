package dev.adagrad;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/// Dependencies point one way: `tensor ← kernel ← step`, `tensor ← wire`; nothing knows `problem` but the document of
/// the API.
class ArchitectureTest {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.adagrad");

	@Test
	void tensorIsPureJava() {
		check(classes().that()
			.resideInAPackage("dev.adagrad.tensor")
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.tensor")));
	}

	@Test
	void kernelIsPureJavaOverTensors() {
		check(classes().that()
			.resideInAPackage("dev.adagrad.kernel")
			.should()
			.onlyDependOnClassesThat(
					resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.tensor", "dev.adagrad.kernel")));
	}

	@Test
	void wireKnowsTensorsAlone() {
		check(noClasses().that()
			.resideInAPackage("dev.adagrad.wire")
			.should()
			.dependOnClassesThat(resideInAnyPackage("dev.adagrad.kernel", "dev.adagrad.step..", "dev.adagrad.server",
					"dev.adagrad.problem", "dev.adagrad.openapi")));
	}

	@Test
	void nobodyKnowsProblemsButTheirDocument() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.adagrad.problem", "dev.adagrad.openapi")
			.should()
			.dependOnClassesThat(resideInAnyPackage("dev.adagrad.problem")));
	}

	@Test
	void packagesHaveNoCycles() {
		check(slices().matching("dev.adagrad.(*)..").should().beFreeOfCycles());
	}

	@Test
	void thereIsNoStaticMutableState() {
		check(fields().that().areStatic().should().beFinal());
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
