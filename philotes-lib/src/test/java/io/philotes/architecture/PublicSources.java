// SPDX-License-Identifier: Apache-2.0
package io.philotes.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The library's public surface as it stands in the sources, with its Javadoc: what others may use, outside of {@code internal}. */
final class PublicSources {

    /**
     * A type or method that others may use.
     *
     * @param name for people
     * @param topLevel whether it is a class, record or interface in a file of its own: enums and annotations are constants
     * @param doc its Javadoc, empty when there is none
     */
    record Documented(String name, boolean topLevel, String doc) {}

    private final List<Documented> found = new ArrayList<>();

    private PublicSources() {}

    static List<Documented> under(Path root) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(root);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = files.filter(PublicSources::isSource).sorted().toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(sources));
            PublicSources surface = new PublicSources();
            for (CompilationUnitTree unit : task.parse()) {
                unit.getTypeDecls()
                        .forEach(type -> surface.visitType(DocTrees.instance(task), new TreePath(unit), type, true));
            }
            return surface.found;
        }
    }

    private static boolean isSource(Path path) {
        return path.toString().endsWith(".java")
                && !path.toString().contains("/internal/")
                && !path.endsWith("package-info.java");
    }

    private void visitType(DocTrees docs, TreePath parent, Tree tree, boolean topLevel) {
        ClassTree type = (ClassTree) tree;
        boolean inInterface = !topLevel && parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
        if (!inInterface && !isPublic(type.getModifiers().getFlags())) {
            return;
        }
        TreePath path = new TreePath(parent, type);
        boolean constant = type.getKind() == Tree.Kind.ENUM || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        add(docs, path, type.getSimpleName().toString(), topLevel && !constant);
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree) {
                visitType(docs, path, member, false);
            } else if (member instanceof MethodTree method && isOpen(type, method)) {
                add(docs, new TreePath(path, method), type.getSimpleName() + "#" + method.getName(), false);
            } else if (member instanceof VariableTree field
                    && isPublic(field.getModifiers().getFlags())
                    && type.getKind() != Tree.Kind.ENUM) {
                add(docs, new TreePath(path, field), type.getSimpleName() + "#" + field.getName(), false);
            }
        }
    }

    private static boolean isOpen(ClassTree type, MethodTree method) {
        boolean overrides = method.getModifiers().getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
        boolean ofInterface = type.getKind() == Tree.Kind.INTERFACE
                && !method.getModifiers().getFlags().contains(Modifier.PRIVATE);
        return !overrides
                && !isCanonical(type, method)
                && (ofInterface || isPublic(method.getModifiers().getFlags()));
    }

    /** What a record's own constructor takes is told with its components. */
    private static boolean isCanonical(ClassTree type, MethodTree method) {
        long components = type.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .filter(field ->
                        !((VariableTree) field).getModifiers().getFlags().contains(Modifier.STATIC))
                .count();
        return type.getKind() == Tree.Kind.RECORD
                && method.getReturnType() == null
                && method.getParameters().size() == components;
    }

    private static boolean isPublic(java.util.Set<Modifier> flags) {
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private void add(DocTrees docs, TreePath path, String name, boolean topLevel) {
        String doc = docs.getDocComment(path);
        String file = path.getCompilationUnit().getPackageName() + ".";
        found.add(new Documented(file + name, topLevel, doc == null ? "" : doc));
    }
}
