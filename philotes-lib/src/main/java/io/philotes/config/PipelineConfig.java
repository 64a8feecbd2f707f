// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.internal.value.TypeChoice;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pipeline: tables of one source into one or more destinations. Immutable.
 *
 * @param description for people
 * @param source the source, or the name of one
 * @param destination the destination, or the name of one; its sink is called {@code sink}. A pipeline without any destination
 *     needs {@link OwnParts#sinks}
 * @param destinations names of further destinations, or of all; each one's sink is called like it
 * @param buffer where changes wait
 * @param namespace the namespace of the target tables, default the pipeline's name
 * @param copy how tables are loaded first
 * @param commit when changes become visible
 * @param index how the row indexes are kept
 * @param tables what is mirrored
 * @param exclude tables that are not, although a pattern of {@code tables} matches them; default none
 * @param types Iceberg types by PostgreSQL type, where the default is not wanted: {@code string}, or {@code decimal(p,s)}
 *     for {@code numeric}
 * @param schemaChanges what is done about changes that the stream does not tell
 * @param onError what is done about failures
 */
public record PipelineConfig(
        Optional<String> description,
        @Required Ref<SourceConfig> source,
        Optional<Ref<DestinationConfig>> destination,
        List<String> destinations,
        BufferConfig buffer,
        Optional<String> namespace,
        CopyConfig copy,
        CommitConfig commit,
        IndexConfig index,
        @Required List<TableConfig> tables,
        List<String> exclude,
        Map<String, String> types,
        SchemaChangesConfig schemaChanges,
        OnErrorConfig onError) {

    /** The sink of {@code destination}. */
    public static final String DEFAULT_SINK = "sink";

    public PipelineConfig {
        description = description == null ? Optional.empty() : description;
        destination = destination == null ? Optional.empty() : destination;
        destinations = destinations == null ? List.of() : List.copyOf(destinations);
        requireDistinct(destination, destinations);
        buffer = buffer == null ? new BufferConfig(null, null) : buffer;
        namespace = namespace == null ? Optional.empty() : namespace;
        copy = copy == null ? new CopyConfig(null) : copy;
        commit = commit == null ? new CommitConfig(null, null) : commit;
        index = index == null ? new IndexConfig(null, null) : index;
        tables = List.copyOf(tables);
        onError = onError == null ? new OnErrorConfig(null, null, null, null) : onError;
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        types = types == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(types));
        schemaChanges = schemaChanges == null ? new SchemaChangesConfig(null, null) : schemaChanges;
        TableEntries.check(tables);
        TableEntries.checkExcluded(tables, exclude);
        types.forEach((pgType, type) -> TypeChoice.faultInType(pgType, type).ifPresent(fault -> {
            throw new IllegalArgumentException("types " + fault);
        }));
    }

    /** Into one destination. */
    public PipelineConfig(
            Optional<String> description,
            Ref<SourceConfig> source,
            Ref<DestinationConfig> destination,
            BufferConfig buffer,
            Optional<String> namespace,
            CopyConfig copy,
            CommitConfig commit,
            List<TableConfig> tables,
            List<String> exclude,
            Map<String, String> types,
            SchemaChangesConfig schemaChanges,
            OnErrorConfig onError) {
        this(
                description,
                source,
                Optional.of(destination),
                List.of(),
                buffer,
                namespace,
                copy,
                commit,
                null,
                tables,
                exclude,
                types,
                schemaChanges,
                onError);
    }

    private static void requireDistinct(Optional<Ref<DestinationConfig>> one, List<String> others) {
        Set<String> seen = new HashSet<>();
        one.flatMap(Ref::name).ifPresent(seen::add);
        for (String name : others) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("destinations names '" + name + "' twice");
            }
        }
    }

    /** Every destination, or its name, by the name of its sink. */
    public Map<String, Ref<DestinationConfig>> sinks() {
        Map<String, Ref<DestinationConfig>> sinks = new LinkedHashMap<>();
        destination.ifPresent(ref -> sinks.put(DEFAULT_SINK, ref));
        destinations.forEach(name -> sinks.put(name, Ref.to(name)));
        return sinks;
    }
}
