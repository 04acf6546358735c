"""Which files a project has, and what an import could see in its folders. No Python file is opened here."""
