// SPDX-License-Identifier: Apache-2.0
package io.philotes.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house: imports go down only, no ring of packages, each driver in its own pavilion. */
class HouseTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.philotes");

    private static final String GROUND = "io.philotes.model..";

    @Test
    void the_model_imports_nothing_but_the_jdk() {
        classes()
                .that()
                .resideInAPackage(GROUND)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(GROUND, "java..")
                .check(HOUSE);
    }

    @Test
    void errors_stand_on_the_model_alone() {
        onlyDependsOn("io.philotes.error..");
    }

    @Test
    void health_stands_on_errors() {
        onlyDependsOn("io.philotes.health..", "io.philotes.error..");
    }

    @Test
    void what_keepers_of_files_share_stands_on_errors() {
        onlyDependsOn("io.philotes.file..", "io.philotes.error..");
    }

    @Test
    void the_contracts_know_no_implementation() {
        contract("io.philotes.source");
        contract("io.philotes.buffer");
        contract("io.philotes.sink");
        contract("io.philotes.checkpoint");
        contract("io.philotes.dlq");
    }

    private static void contract(String itsPackage) {
        classes()
                .that()
                .resideInAPackage(itsPackage)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages("io.philotes..")
                        .or(resideInAPackage(itsPackage))
                        .or(resideInAPackage(itsPackage + ".internal"))
                        .or(resideInAPackage("io.philotes.checkpoint"))
                        .or(floorsBelowTheContracts()))
                .check(HOUSE);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass>
            floorsBelowTheContracts() {
        return resideInAPackage(GROUND)
                .or(resideInAPackage("io.philotes.error"))
                .or(resideInAPackage("io.philotes.health"))
                .or(resideInAPackage("io.philotes.metrics"));
    }

    private static void onlyDependsOn(String itsPackage, String... below) {
        classes()
                .that()
                .resideInAPackage(itsPackage)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackages("io.philotes..")
                        .or(resideInAPackage(itsPackage))
                        .or(resideInAPackage(GROUND))
                        .or(below.length == 0 ? resideInAPackage(GROUND) : resideInAPackage(below[0])))
                .check(HOUSE);
    }

    @TestFactory
    List<DynamicTest> a_pavilion_knows_no_neighbour() {
        List<String> pavilions = List.of(
                "io.philotes.source.postgres..",
                "io.philotes.buffer.disk..",
                "io.philotes.buffer.postgres..",
                "io.philotes.checkpoint.file..",
                "io.philotes.checkpoint.postgres..",
                "io.philotes.dlq.file..",
                "io.philotes.dlq.postgres..",
                "io.philotes.dlq.export..",
                "io.philotes.sink.iceberg..",
                "io.philotes.metrics.micrometer..");
        return pavilions.stream()
                .map(one -> DynamicTest.dynamicTest(
                        one,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(one)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(pavilions.stream()
                                        .filter(other -> !other.equals(one))
                                        .toArray(String[]::new))
                                .allowEmptyShould(true)
                                .check(HOUSE)))
                .toList();
    }

    @Test
    void engine_and_face_know_contracts_only() {
        noClasses()
                .that()
                .resideInAnyPackage("io.philotes", "io.philotes.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.philotes.source.postgres..",
                        "io.philotes.buffer.disk..",
                        "io.philotes.buffer.postgres..",
                        "io.philotes.checkpoint.file..",
                        "io.philotes.checkpoint.postgres..",
                        "io.philotes.dlq.file..",
                        "io.philotes.dlq.postgres..",
                        "io.philotes.dlq.export..",
                        "io.philotes.file..",
                        "io.philotes.jdbc..",
                        "io.philotes.sink.iceberg..",
                        "io.philotes.metrics.micrometer..",
                        "io.philotes.config..",
                        "io.philotes.group..")
                .check(HOUSE);
    }

    @TestFactory
    List<DynamicTest> a_driver_stays_in_its_pavilion() {
        return List.of(
                only("org.postgresql..", "io.philotes.source.postgres..", "io.philotes.jdbc.."),
                only("com.zaxxer..", "io.philotes.jdbc..", "io.philotes.config.."),
                only("org.apache.iceberg..", "io.philotes.sink.iceberg..", "io.philotes.config.."),
                only("org.apache.avro..", "io.philotes.dlq.export..", "io.philotes.sink.iceberg.."),
                only("org.apache.parquet..", "io.philotes.sink.iceberg.."),
                only("io.micrometer..", "io.philotes.metrics.micrometer.."));
    }

    private static DynamicTest only(String driver, String... homes) {
        return DynamicTest.dynamicTest(
                driver,
                () -> noClasses()
                        .that()
                        .resideOutsideOfPackages(homes)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(driver)
                        .check(HOUSE));
    }

    @Test
    void packages_form_no_ring() {
        slices().matching("io.philotes.(**)").should().beFreeOfCycles().check(HOUSE);
    }
}
