// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.ConfigRules;
import io.philotes.config.PhilotesConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads {@code philotes.yaml}. An unknown key, a key that is there twice, a value of the wrong type, a variable that is not
 * set: each is a fault with line and column, and all that can be seen are reported together. Immutable and thread-safe.
 */
public final class ConfigReader {

    private static final long MAX_FILE_BYTES = 1 << 20;

    private final Function<String, String> environment;

    /** @param environment gives a variable's value, or null when it is not set */
    public ConfigReader(Function<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Reads the whole file.
     *
     * @throws PhilotesException INVALID_CONFIGURATION, listing every fault
     */
    public PhilotesConfig read(Path file) {
        return parse(file.toString(), content(file));
    }

    /**
     * The same for a command that needs no secret: one that is not set here is told, and is no fault. Whoever asks for its
     * value gets an IllegalArgumentException.
     *
     * @param lacking takes a line for each
     */
    public PhilotesConfig readWithoutSecrets(Path file, Consumer<String> lacking) {
        Faults faults = new Faults(file.toString(), true);
        PhilotesConfig config = parse(content(file), faults);
        faults.lackingSecrets().forEach(lacking);
        return config;
    }

    /**
     * Reads a text that is to become a file; secrets need not be there.
     *
     * @param fileName what messages call it
     */
    public PhilotesConfig readText(String fileName, String yaml) {
        return parse(yaml, new Faults(fileName, true));
    }

    PhilotesConfig parse(String fileName, String yaml) {
        return parse(yaml, new Faults(fileName));
    }

    private PhilotesConfig parse(String yaml, Faults faults) {
        PhilotesConfig config = YamlDocument.parse(yaml, faults)
                .flatMap(root -> bind(root, faults))
                .orElse(null);
        faults.throwIfAny();
        return config;
    }

    private Optional<PhilotesConfig> bind(Node root, Faults faults) {
        Binder binder = new Binder(faults, new Interpolation(environment));
        Optional<PhilotesConfig> config =
                Optional.ofNullable((PhilotesConfig) binder.bind(root, PhilotesConfig.class, ""));
        config.ifPresent(bound -> ConfigRules.problems(bound)
                .forEach(problem -> faults.add(binder.place(problem.path()), problem.path(), problem.message())));
        return config;
    }

    private static String content(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw unreadable(file, "it is larger than 1 MiB", null);
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file", e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(file, e.toString(), e);
        }
    }

    private static PhilotesException unreadable(Path file, String why, Throwable cause) {
        return new PhilotesException(ErrorCode.INVALID_CONFIGURATION, "Cannot read " + file + ": " + why, cause)
                .hinting("name the file with --config, or let philotes init write one");
    }
}
