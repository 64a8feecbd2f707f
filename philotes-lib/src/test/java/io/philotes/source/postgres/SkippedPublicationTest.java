// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedPublicationTest {

    private final SkippedPublication shop = new SkippedPublication(null, "shop");

    /** The name stands in every language, in the quotes of that language. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "skipped loading publication \"shop\"",
                "Laden der Publikation »shop« übersprungen",
                "chargement de la publication « shop » ignoré",
                "se omitió la carga de la publicación «shop»",
                "パブリケーション\"shop\"の読み込みをスキップしました",
                "shop"
            })
    void it_is_heard_in_every_language(String message) {
        assertThat(shop.saysSo("55000", message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skipped loading publication \"webshop\"",
                "skipped loading publication \"shop_2\"",
                "skipped loading publication \"myshop$\"",
                "skipped loading publication \"Übershop\"",
                "replication slot \"shop\" specified in parameter \"synchronized_standby_slots\" does not exist"
            })
    void other_warnings_are_not_taken_for_it(String message) {
        assertThat(shop.saysSo("55000", message)).isFalse();
    }

    @Test
    void nor_is_one_of_another_kind() {
        assertThat(shop.saysSo("01000", "skipped loading publication \"shop\"")).isFalse();
    }
}
