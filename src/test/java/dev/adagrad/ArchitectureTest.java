package dev.adagrad;

import java.util.Arrays;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/// Dependencies point one way: `tensor ← kernel ← step`, `tensor ← spool ← wire`; all may refuse, and nothing knows
/// `problem`.
class ArchitectureTest {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.adagrad");

	private static final DescribedPredicate<JavaClass> SESSION = resideInAnyPackage("dev.adagrad.session");

	@Test
	void tensorIsPureJava() {
		check(classes().that()
			.resideInAPackage("dev.adagrad.tensor..")
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.tensor..")));
	}

	@Test
	void kernelIsPureJavaOverTensors() {
		check(classes().that()
			.resideInAPackage("dev.adagrad.kernel..")
			.should()
			.onlyDependOnClassesThat(
					resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.tensor", "dev.adagrad.kernel..")));
	}

	@Test
	void refusalsArePureJava() {
		check(ours("refusal").should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.refusal..")));
	}

	@Test
	void callersArePureJava() {
		check(ours("caller").should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.caller..")));
	}

	@Test
	void accessKnowsNothingOfWhatIsCalled() {
		check(ours("access").should()
			.onlyDependOnClassesThat(outside().or(in("caller", "refusal", "request", "start", "access"))));
		check(noClasses().that(not(in("access")).and(not(resideInAnyPackage("dev.adagrad"))))
			.should()
			.dependOnClassesThat(in("access")));
	}

	@Test
	void spoolIsPureJavaOverTensorsAndRefusals() {
		check(ours("spool").should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.adagrad.tensor",
					"dev.adagrad.refusal", "dev.adagrad.spool..")));
	}

	@Test
	void wireKnowsTensorsRefusalsAndTheSpool() {
		check(ours("wire").should().onlyDependOnClassesThat(outside().or(in("tensor", "refusal", "spool", "wire"))));
	}

	@Test
	void requestsKnowKernelTensorsAndWire() {
		check(ours("request").should()
			.onlyDependOnClassesThat(outside().or(in("tensor", "kernel", "refusal", "wire", "request"))));
	}

	@Test
	void stepKnowsKernelTensorsAndWire() {
		check(ours("step").should()
			.onlyDependOnClassesThat(
					outside().or(in("tensor", "kernel", "refusal", "wire", "request", "trace", "step"))));
	}

	@Test
	void thePortOfSessionsKnowsNeitherItsCallersNorItsStores() {
		check(classes().that(SESSION)
			.should()
			.onlyDependOnClassesThat(
					resideInAnyPackage("java..", "org.jspecify..").or(in("caller", "tensor", "kernel", "refusal"))
						.or(SESSION)));
		check(noClasses().that(in("session").and(not(in("session.store"))))
			.should()
			.dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..")));
	}

	@Test
	void callsOnSessionsKnowNothingOfTheirStores() {
		check(ours("session.http").should()
			.onlyDependOnClassesThat(outside().or(SESSION)
				.or(in("caller", "tensor", "kernel", "refusal", "spool", "wire", "request", "trace", "session.http"))));
	}

	@Test
	void storesKnowThePortAlone() {
		check(ours("session.store").should()
			.onlyDependOnClassesThat(outside().or(SESSION)
				.or(in("caller", "tensor", "kernel", "refusal", "start", "trace", "session.store"))));
		check(noClasses().that(not(in("session.store"))).should().dependOnClassesThat(in("session.store")));
	}

	@Test
	void whatStoresShareKnowsNeitherOfThem() {
		check(noClasses().that(resideInAnyPackage("dev.adagrad.session.store"))
			.should()
			.dependOnClassesThat(in("session.store.sqlite", "session.store.postgresql")));
		check(noClasses().that(in("session.store.sqlite"))
			.should()
			.dependOnClassesThat(in("session.store.postgresql")));
		check(noClasses().that(in("session.store.postgresql"))
			.should()
			.dependOnClassesThat(in("session.store.sqlite")));
	}

	@Test
	void tracesKnowOutcomesAlone() {
		check(ours("trace").should().onlyDependOnClassesThat(outside().or(in("refusal", "request", "start", "trace"))));
	}

	@Test
	void pagesKnowNothingOfWhatTheyShow() {
		check(ours("pages").should().onlyDependOnClassesThat(outside().or(in("pages"))));
	}

	@Test
	void containerIsPureJavaAndStandsByItself() {
		check(ours("container").should()
			.onlyDependOnClassesThat(
					resideInAnyPackage("java..", "javax.net.ssl..", "org.jspecify..", "dev.adagrad.container..")));
		check(noClasses().that(not(in("container"))).should().dependOnClassesThat(in("container")));
	}

	@Test
	void nobodyKnowsHowRefusalsLook() {
		check(noClasses().that(not(in("problem"))).should().dependOnClassesThat(in("problem")));
	}

	@Test
	void packagesHaveNoCycles() {
		check(slices().matching("dev.adagrad.(*)..").should().beFreeOfCycles());
	}

	@Test
	void thereIsNoStaticMutableState() {
		check(fields().that().areStatic().should().beFinal());
	}

	private static GivenClassesConjunction ours(String name) {
		return classes().that(in(name));
	}

	private static DescribedPredicate<JavaClass> in(String... names) {
		return resideInAnyPackage(
				Arrays.stream(names).map((name) -> "dev.adagrad." + name + "..").toArray(String[]::new));
	}

	private static DescribedPredicate<JavaClass> outside() {
		return resideOutsideOfPackage("dev.adagrad..");
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
